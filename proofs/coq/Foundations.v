(** * What smoothness and convexity give: F1 to F5

    For F with L-Lipschitz gradient:
      F1  F(y) <= F(x) + <grad F(x), y - x> + (L/2) |y - x|^2
      F2  |grad F(x)|^2 <= 2 L (F(x) - F_inf)
      F3  c-strongly convex:  2 c (F(x) - F_star) <= |grad F(x)|^2
      F4  convex:  F(x) - F_star + |grad F(x)|^2 / (2L) <= <grad F(x), x - w_star>
      F5  c-strongly convex, c < L (Taylor, Hendrickx, Glineur 2017):
          F(y) + <grad F(y), x - y> + |e|^2 / (2L) + c L / (2(L-c)) |d - e/L|^2 <= F(x),
          where d = x - y and e = grad F(x) - grad F(y)
      F5c c-strongly convex:  |e|^2 + c L |d|^2 <= (c + L) <e, d>
    (F6, bias-variance and Young, are in Probability.v and Vectors.v.) *)

From Coq Require Import Reals Lra.
From Shrinkproof Require Import Vectors Smooth Combine.
Open Scope R_scope.

Section Foundations.
Context {V : Space} {F : Objective V} {L c F_inf F_star : R} {w_star : V}.

Theorem descent_lemma
    (L_positive : 0 < L)
    (smoothness : smooth F L) :
  forall x y, F y <= F x + inner (grad F x) (y - x) + L / 2 * norm2 (y - x).
Proof.
  intros x y. set (d := (y - x)%V).
  replace y with (x + d)%V by (unfold d; vector_ring).
  assert (H := integrate_slope F (grad F) (fun t => inner (grad F x) d + L * t * norm2 d)
                 (fun t => t * inner (grad F x) d + L / 2 * norm2 d * t ^ 2) x d
                 (grad_is_gradient F)).
  cbn beta in H. rewrite <- (Rplus_0_r (F x)) at 1.
  assert (H' : F (x + d)%V - F x <= 1 * inner (grad F x) d + L / 2 * norm2 d * 1 ^ 2
                 - (0 * inner (grad F x) d + L / 2 * norm2 d * 0 ^ 2)); [apply H; clear H | lra].
  - intros t.
    replace (inner (grad F x) d + L * t * norm2 d)
      with (1 * inner (grad F x) d + (L / 2 * norm2 d) * (INR 2 * t ^ 1)) by (cbn; field).
    apply derivable_pt_lim_plus.
    + apply (derivable_pt_lim_ext (fun s => inner (grad F x) d * s)); [intros; ring|].
      replace (1 * inner (grad F x) d) with (inner (grad F x) d * 1) by ring.
      apply derivable_pt_lim_scal, derivable_pt_lim_id.
    + apply derivable_pt_lim_scal, (derivable_pt_lim_pow t 2).
  - intros t [Ht _]. assert (S := smoothness x (x + t * d)%V).
    combine (1 / (2 * L * t) * (L ^ 2 * norm2 (x + t * d - x) - norm2
      (grad F (x + t * d)%V - grad F x))
             + 1 / (2 * L * t) * norm2 (grad F (x + t * d)%V - grad F x - L * t * d)).
Qed.

Theorem gradient_bound
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (bounded_below : bounded_below F F_inf) :
  forall x, norm2 (grad F x) <= 2 * L * (F x - F_inf).
Proof.
  intros x. set (y := (x - / L * grad F x)%V).
  assert (D := descent_lemma L_positive smoothness x y). assert (B := bounded_below y).
  assert (y - x = -(/ L) * grad F x)%V as Y by (unfold y; vector_ring). rewrite Y in D.
  combine (2 * L * (F x + inner (grad F x) (- / L * grad F x)
                    + L / 2 * norm2 (- / L * grad F x) - F y) + 2 * L * (F y - F_inf)).
Qed.

Theorem strong_convexity_implies_pl
    (c_positive : 0 < c)
    (strong_convexity : strongly_convex F c)
    (attained : F_star = F w_star) :
  polyak_lojasiewicz F c F_star.
Proof.
  intros x. assert (S := strong_convexity x w_star).
  combine (2 * c * (F w_star - (F x + inner (grad F x) (w_star - x) + c / 2 * norm2 (w_star - x)))
           + norm2 (grad F x + c * (w_star - x)) + 2 * c * (F_star - F w_star)).
Qed.

Theorem convex_smooth
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (convexity : convex F)
    (attained : F_star = F w_star)
    (stationary : grad F w_star = 0%V) :
  forall x, F x - F_star + norm2 (grad F x) / (2 * L) <= inner (grad F x) (x - w_star).
Proof.
  intros x. set (z := (w_star + / L * grad F x)%V).
  assert (C := convexity x z). assert (D := descent_lemma L_positive smoothness w_star z).
  rewrite stationary in D.
  assert (z - x = w_star - x + / L * grad F x)%V as Z by (unfold z; vector_ring). rewrite Z in C.
  assert (z - w_star = / L * grad F x)%V as Z' by (unfold z; vector_ring). rewrite Z' in D.
  combine ((F z - (F x + inner (grad F x) (w_star - x + / L * grad F x)))
           + (F w_star + inner 0%V (/ L * grad F x) + L / 2 * norm2 (/ L * grad F x) - F z)
           + (F_star - F w_star)).
Qed.

Theorem interpolation
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (strong_convexity : strongly_convex F c)
    (c_below_L : c < L) :
  forall x y,
    F y + inner (grad F y) (x - y) + norm2 (grad F x - grad F y) / (2 * L)
      + c * L / (2 * (L - c)) * norm2 (x - y - (grad F x - grad F y) / L) <= F x.
Proof.
  intros x y. set (d := (x - y)%V). set (e := (grad F x - grad F y)%V).
  set (z := (x + / (L - c) * (c * d - e))%V).
  assert (D := descent_lemma L_positive smoothness x z). assert (S := strong_convexity y z).
  assert (z - x = / (L - c) * (c * d - e))%V as Zx by (unfold z; vector_ring). rewrite Zx in D.
  assert (z - y = / (L - c) * (L * d - e))%V as Zy.
  { unfold z. replace x with (y + d)%V by (unfold d; vector_ring). vector_field. lra. }
  rewrite Zy in S.
  replace (grad F x) with (grad F y + e)%V in D by (unfold e; vector_ring).
  combine ((F x + inner (grad F y + e) (/ (L - c) * (c * d - e))
              + L / 2 * norm2 (/ (L - c) * (c * d - e)) - F z)
           + (F z - (F y + inner (grad F y) (/ (L - c) * (L * d - e))
                     + c / 2 * norm2 (/ (L - c) * (L * d - e))))).
Qed.

Lemma strongly_monotone (strong_convexity : strongly_convex F c) :
  forall x y, c * norm2 (x - y) <= inner (grad F x - grad F y) (x - y).
Proof.
  intros x y. assert (S := strong_convexity x y). assert (S' := strong_convexity y x).
  combine ((F y - (F x + inner (grad F x) (y - x) + c / 2 * norm2 (y - x)))
           + (F x - (F y + inner (grad F y) (x - y) + c / 2 * norm2 (x - y)))).
Qed.

Theorem cocoercivity
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (strong_convexity : strongly_convex F c) :
  forall x y,
    norm2 (grad F x - grad F y) + c * L * norm2 (x - y)
      <= (c + L) * inner (grad F x - grad F y) (x - y).
Proof.
  intros x y. destruct (Rlt_le_dec c L) as [c_below_L | c_from_L].
  - assert (I := interpolation L_positive smoothness strong_convexity c_below_L x y).
    assert (I' := interpolation L_positive smoothness strong_convexity c_below_L y x).
    combine ((L - c) * (F x - (F y + inner (grad F y) (x - y)
      + norm2 (grad F x - grad F y) / (2 * L)
               + c * L / (2 * (L - c)) * norm2 (x - y - (grad F x - grad F y) / L)))
             + (L - c) * (F y - (F x + inner (grad F x) (y - x)
                 + norm2 (grad F y - grad F x) / (2 * L)
               + c * L / (2 * (L - c)) * norm2 (y - x - (grad F y - grad F x) / L)))).
  - assert (M := strongly_monotone strong_convexity x y). assert (S := smoothness y x).
    combine ((L ^ 2 * norm2 (x - y) - norm2 (grad F x - grad F y))
             + (c + L) * (inner (grad F x - grad F y) (x - y) - c * norm2 (x - y))
             + (c + L) * (c - L) * norm2 (x - y)).
Qed.
End Foundations.

(** ** With a Lipschitz gradient, gradients are Frechet gradients *)
Section Converse.
Context {V : Space} {F : Objective V} {L : R}.

Definition opposite : Objective V.
Proof.
  refine {| value := fun x => - F x; grad := fun x => (-1 * grad F x)%V |}.
  intros x v. replace (inner (-1 * grad F x) v) with (- inner (grad F x) v) by (expand; ring).
  apply (derivable_pt_lim_opp (fun t => F (x + t * v)%V)), grad_is_gradient.
Defined.

(** F deviates from its tangent by at most (L/2) |y - x|^2, upwards (F1) and downwards. *)
Lemma ascent_lemma (L_positive : 0 < L) (smoothness : smooth F L) :
  forall x y, F x + inner (grad F x) (y - x) - L / 2 * norm2 (y - x) <= F y.
Proof.
  intros x y. assert (S : smooth opposite L).
  { intros a b. assert (H := smoothness a b). cbn.
    combine (L ^ 2 * norm2 (b - a) - norm2 (grad F b - grad F a)). }
  assert (H := descent_lemma L_positive S x y). cbn in H. revert H. expand. lra.
Qed.

Theorem smooth_gradient_is_frechet (L_positive : 0 < L) (smoothness : smooth F L) :
  is_frechet_gradient F (grad F).
Proof.
  intros x eps Heps. exists (2 * eps / L). split; [positive|]. intros v Hv.
  assert (D := descent_lemma L_positive smoothness x (x + v)%V).
  assert (A := ascent_lemma L_positive smoothness x (x + v)%V).
  replace (x + v - x)%V with v in * by vector_ring.
  assert (N := norm_nonneg v).
  assert (B : L / 2 * norm2 v <= eps * norm v).
  { rewrite <- norm_square. replace (eps * norm v) with (L / 2 * (2 * eps / L * norm v)) by (field;
      lra).
    replace (norm v ^ 2) with (norm v * norm v) by ring.
    apply Rmult_le_compat_l; [lra|]. apply Rmult_le_compat_r; lra. }
  apply Rabs_le. lra.
Qed.
End Converse.
