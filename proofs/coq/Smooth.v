(** * Differentiable functions and the assumptions on the objective

    F : V -> R has gradient g when, for all x and v, t |-> F(x + t v) has derivative <g(x), v>
    at t = 0.  A Frechet gradient is one ([frechet_gradient_is_gradient]), so theorems about all
    gradients in this sense hold for Frechet gradients; for an L-Lipschitz gradient the two are
    the same (Foundations.v).

    Then the assumptions: Lipschitz gradient, lower bound, Polyak-Lojasiewicz, strong convexity,
    convexity.  The first-order form of strong convexity follows from the one by chords
    ([strongly_convex_of_chords]). *)

From Coq Require Import Reals Lra.
From Shrinkproof Require Import Vectors.
Open Scope R_scope.

Definition is_gradient {V : Space} (F : V -> R) (g : V -> V) : Prop :=
  forall x v : V, derivable_pt_lim (fun t => F (x + t * v)%V) 0 (inner (g x) v).

(** An objective: a function together with its gradient. *)
Record Objective (V : Space) := {
  value :> V -> R;
  grad : V -> V;
  grad_is_gradient : is_gradient value grad
}.
Arguments grad {V} _ _%V.
Arguments value {V} _ _%V.
Arguments grad_is_gradient {V} _.

Section Assumptions.
Context {V : Space}.
Variable F : Objective V.

Definition smooth (L : R) : Prop :=
  forall x y, norm2 (grad F y - grad F x) <= L ^ 2 * norm2 (y - x).

Definition bounded_below (F_inf : R) : Prop := forall x, F_inf <= F x.

Definition polyak_lojasiewicz (c F_star : R) : Prop :=
  forall x, 2 * c * (F x - F_star) <= norm2 (grad F x).

Definition strongly_convex (c : R) : Prop :=
  forall x y, F x + inner (grad F x) (y - x) + c / 2 * norm2 (y - x) <= F y.

Definition convex : Prop := forall x y, F x + inner (grad F x) (y - x) <= F y.

End Assumptions.

(** ** Along a segment *)
Section Segment.
Context {V : Space}.

Lemma derivative_along_segment (F : V -> R) (g : V -> V) x v t :
  is_gradient F g -> derivable_pt_lim (fun s => F (x + s * v)%V) t (inner (g (x + t * v)%V) v).
Proof.
  intros G eps Heps. destruct (G (x + t * v)%V v eps Heps) as [delta H]. exists delta.
  intros s Hs Hd. specialize (H s Hs Hd).
  replace (x + (t + s) * v)%V with (x + t * v + (0 + s) * v)%V by vector_ring.
  replace (x + t * v)%V with (x + t * v + 0 * v)%V at 2 by vector_ring. exact H.
Qed.

(** A bound p on the slope along the segment from x to x + v, with antiderivative Q, bounds the
    increase: F(x + v) - F(x) <= Q(1) - Q(0). *)
Theorem integrate_slope (F : V -> R) (g : V -> V) (p Q : R -> R) x v :
  is_gradient F g ->
  (forall t, derivable_pt_lim Q t (p t)) ->
  (forall t, 0 < t < 1 -> inner (g (x + t * v)%V) v <= p t) ->
  F (x + v)%V - F x <= Q 1 - Q 0.
Proof.
  intros G HQ Hp.
  destruct (MVT_cor2 (fun t => F (x + t * v)%V - Q t)
              (fun t => inner (g (x + t * v)%V) v - p t) 0 1) as (t & Ht & Hin); [lra | |].
  - intros t _. apply derivable_pt_lim_minus; [now apply derivative_along_segment | apply HQ].
  - cbn in Ht. specialize (Hp t Hin).
    replace (x + 1 * v)%V with (x + v)%V in Ht by vector_ring.
    replace (x + 0 * v)%V with x in Ht by vector_ring. lra.
Qed.

End Segment.

(** ** Frechet gradients *)
Section Frechet.
Context {V : Space}.

Definition norm (x : V) : R := sqrt (norm2 x).

Definition is_frechet_gradient (F : V -> R) (g : V -> V) : Prop :=
  forall x eps, 0 < eps -> exists delta, 0 < delta /\
    forall v : V, norm v < delta -> Rabs (F (x + v)%V - F x - inner (g x) v) <= eps * norm v.

Lemma norm_nonneg x : 0 <= norm x.
Proof. apply sqrt_pos. Qed.

Lemma norm_square x : norm x ^ 2 = norm2 x.
Proof. apply pow2_sqrt, norm2_nonneg. Qed.

Lemma norm_scale a x : norm (a * x) = Rabs a * norm x.
Proof.
  unfold norm. rewrite norm2_scale, sqrt_mult; [| apply pow2_ge_0 | apply norm2_nonneg].
  f_equal. replace (a ^ 2) with (Rsqr a) by (unfold Rsqr; ring). apply sqrt_Rsqr_abs.
Qed.

Theorem frechet_gradient_is_gradient F g : is_frechet_gradient F g -> is_gradient F g.
Proof.
  intros H x v eps Heps. assert (Nv := norm_nonneg v).
  destruct (H x (eps / 2 / (norm v + 1))) as (delta & Hdelta & Hv).
  { apply Rdiv_lt_0_compat; lra. }
  assert (Hd : 0 < delta / (norm v + 1)) by (apply Rdiv_lt_0_compat; lra).
  exists (mkposreal _ Hd). intros t Ht Hlt. cbn in Hlt.
  assert (Pt : 0 < Rabs t) by now apply Rabs_pos_lt.
  assert (Small : norm (t * v) < delta).
  { rewrite norm_scale. apply Rle_lt_trans with (Rabs t * (norm v + 1)); [nra|].
    apply Rmult_lt_reg_r with (/ (norm v + 1)); [apply Rinv_0_lt_compat; lra|].
    rewrite Rmult_assoc, Rinv_r, Rmult_1_r; [exact Hlt | lra]. }
  specialize (Hv _ Small). rewrite norm_scale in Hv.
  replace (x + (0 + t) * v)%V with (x + t * v)%V by vector_ring.
  replace (x + 0 * v)%V with x by vector_ring.
  rewrite inner_scale_r in Hv.
  replace ((F (x + t * v)%V - F x) / t - inner (g x) v)
    with ((F (x + t * v)%V - F x - t * inner (g x) v) * / t) by (field; exact Ht).
  rewrite Rabs_mult, Rabs_inv.
  apply Rle_lt_trans with (eps / 2 / (norm v + 1) * (Rabs t * norm v) * / Rabs t).
  - apply Rmult_le_compat_r; [apply Rlt_le, Rinv_0_lt_compat, Pt | exact Hv].
  - replace (eps / 2 / (norm v + 1) * (Rabs t * norm v) * / Rabs t)
      with (eps * (norm v / (2 * (norm v + 1)))) by (field; lra).
    rewrite <- (Rmult_1_r eps) at 2. apply Rmult_lt_compat_l; [exact Heps|].
    apply Rmult_lt_reg_r with (2 * (norm v + 1)); [lra|].
    unfold Rdiv. rewrite Rmult_assoc, Rinv_l; lra.
Qed.

End Frechet.

(** ** Strong convexity by chords *)
Section Chords.
Context {V : Space}.
Variable F : Objective V.

Definition strongly_convex_by_chords (c : R) : Prop :=
  forall x y t, 0 <= t <= 1 ->
    F (x + t * (y - x))%V <= (1 - t) * F x + t * F y - c / 2 * (t * (1 - t)) * norm2 (y - x).

Theorem strongly_convex_of_chords c : 0 <= c -> strongly_convex_by_chords c -> strongly_convex F c.
Proof.
  intros Hc H x y. apply Rnot_lt_le. intros Contra.
  set (l := inner (grad F x) (y - x)%V) in *. set (N := norm2 (y - x)) in *.
  set (eps := (F x + l + c / 2 * N - F y) / 2). assert (Heps : 0 < eps) by (unfold eps; lra).
  destruct (grad_is_gradient F x (y - x)%V eps Heps) as [delta Hd]. fold l in Hd.
  assert (N0 : 0 <= N) by apply norm2_nonneg.
  assert (Pden : 0 < c * N + 1) by nra.
  set (t := Rmin (delta / 2) (Rmin 1 (eps / (c * N + 1)))).
  assert (Pt : 0 < t).
  { repeat apply Rmin_glb_lt; try lra; [destruct delta; cbn; lra|]. now apply Rdiv_lt_0_compat. }
  assert (T1 : t <= 1) by (eapply Rle_trans; [apply Rmin_r | apply Rmin_l]).
  assert (Td : t < delta).
  { apply Rle_lt_trans with (delta / 2); [apply Rmin_l | destruct delta; cbn; lra]. }
  assert (Te : t * (c * N) <= eps).
  { apply Rle_trans with (t * (c * N + 1)); [nra|].
    apply Rle_trans with (eps / (c * N + 1) * (c * N + 1)).
    - apply Rmult_le_compat_r; [lra | eapply Rle_trans; [apply Rmin_r | apply Rmin_r]].
    - right. field. lra. }
  specialize (Hd t). assert (Hd' := Hd ltac:(lra) ltac:(rewrite Rabs_pos_eq; lra)).
  replace (x + (0 + t) * (y - x))%V with (x + t * (y - x))%V in Hd' by vector_ring.
  replace (x + 0 * (y - x))%V with x in Hd' by vector_ring.
  specialize (H x y t ltac:(lra)). fold N in H. apply Rabs_def2 in Hd'. destruct Hd' as [_ Hd'].
  assert (K : t * (l - eps) < F (x + t * (y - x))%V - F x).
  { apply Rmult_lt_reg_r with (/ t); [now apply Rinv_0_lt_compat|].
    replace (t * (l - eps) * / t) with (l - eps) by (field; lra). unfold Rdiv in Hd'. lra. }
  assert (K' : t * (l - eps) < t * (F y - F x - c / 2 * (1 - t) * N)) by nra.
  apply Rmult_lt_reg_l in K'; [| exact Pt]. unfold eps in *. lra.
Qed.

Lemma convex_of_strongly_convex c : 0 <= c -> strongly_convex F c -> convex F.
Proof. intros Hc H x y. assert (N := norm2_nonneg (y - x)%V). specialize (H x y). nra. Qed.

End Chords.
