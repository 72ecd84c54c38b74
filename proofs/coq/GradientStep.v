(** * One exact gradient step under strong convexity: F7

    F is c-strongly convex, c > 0, with L-Lipschitz gradient, and stationary at w_star, where its
    value is F_star.  For a >= 0 with a (L + c) <= 2 and every x,

      |x - a grad F(x) - w_star|^2    <= (1 - c a)^2 |x - w_star|^2,
      F(x - a grad F(x)) - F_star     <= (1 - c a)^2 (F(x) - F_star);

    the first by cocoercivity (F5c), the second by three interpolation inequalities (F5), between
    x, the next point and w_star, and two squares. *)

From Coq Require Import Reals Lra.
From Shrinkproof Require Import Vectors Combine Smooth Foundations.
Open Scope R_scope.

Section GradientStep.
Context {V : Space} {F : Objective V} {L c F_star a : R} {w_star : V}.

Lemma gradient_step_contracts
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (strong_convexity : strongly_convex F c)
    (stationary : grad F w_star = 0%V)
    (a_nonnegative : 0 <= a)
    (a_contracts : a * (L + c) <= 2) :
  forall x, norm2 (x - a * grad F x - w_star) <= (1 - c * a) ^ 2 * norm2 (x - w_star).
Proof.
  intros x. assert (C := cocoercivity L_positive smoothness strong_convexity x w_star).
  assert (M := strongly_monotone strong_convexity x w_star). rewrite stationary in C, M.
  combine (a ^ 2 * ((c + L) * inner (grad F x - 0) (x - w_star)
                    - (norm2 (grad F x - 0) + c * L * norm2 (x - w_star)))
           + a * (2 - a * (L + c)) * (inner (grad F x - 0) (x - w_star) - c * norm2 (x - w_star))).
Qed.

Lemma gradient_step_decreases
    (L_positive : 0 < L)
    (c_positive : 0 < c)
    (smoothness : smooth F L)
    (strong_convexity : strongly_convex F c)
    (attained : F_star = F w_star)
    (stationary : grad F w_star = 0%V)
    (a_nonnegative : 0 <= a)
    (a_contracts : a * (L + c) <= 2) :
  forall x, F (x - a * grad F x)%V - F_star <= (1 - c * a) ^ 2 * (F x - F_star).
Proof.
  intros x. set (y := (x - a * grad F x)%V). assert (ca : 0 <= c * a) by nonneg.
  destruct (Rlt_le_dec c L) as [c_below_L | c_from_L].
  - assert (I := interpolation L_positive smoothness strong_convexity c_below_L).
    assert (Ixy := I x y). assert (Isy := I w_star y). assert (Isx := I w_star x).
    rewrite stationary in Isy, Isx. clear I.
    assert (y = x - a * grad F x)%V as Y by reflexivity. clearbody y.
    set (Fy := F y) in *. set (p := grad F y) in *. clearbody Fy p.
    assert (r0 : 0 <= 1 - c * a) by combine (1 / 2 * (2 - a * (L + c)) + a / 2 * (L - c)).
    set (r := 1 - c * a) in *.
    assert (s0 : 0 <= (2 - a * (L + c)) / (2 * (L - c) * (2 - a * c))).
    { apply quotient_nonneg; [lra|]. assert (0 < 2 - a * c) by (unfold r in r0; lra). positive. }
    assert (A0 : 0 <= L * a * c ^ 2 * (2 - a * c) / (2 * (L - c))).
    { assert (0 <= 2 - a * c) by (unfold r in r0; lra). nonneg. }
    assert (d : 0 < 2 - a * c) by (unfold r in r0; lra).
    set (s := (2 - a * (L + c)) / (2 * (L - c) * (2 - a * c))) in *.
    set (A := L * a * c ^ 2 * (2 - a * c) / (2 * (L - c))) in *.
    apply (le_of_gap _ _
      (r * (F x - (Fy + inner (p) (x - y) + norm2 (grad F x - p) / (2 * L)
              + c * L / (2 * (L - c)) * norm2 (x - y - (grad F x - p) / L)))
       + (1 - r) * (F w_star - (Fy + inner (p) (w_star - y) + norm2 (0 - p) / (2 * L)
              + c * L / (2 * (L - c)) * norm2 (w_star - y - (0 - p) / L)))
       + r * (1 - r) * (F w_star - (F x + inner (grad F x) (w_star - x)
           + norm2 (0 - grad F x) / (2 * L)
              + c * L / (2 * (L - c)) * norm2 (w_star - x - (0 - grad F x) / L)))
       + A * norm2 (x - w_star - (/ (c * (2 - a * c))) * (grad F x + p))
       + s * norm2 (p - r * grad F x))).
    + rewrite attained, Y. unfold s, A, r. expand. field. lra.
    + assert (0 <= 1 - r) by (unfold r; lra). nonneg.
  - assert (D := gradient_step_contracts L_positive smoothness strong_convexity stationary
                   a_nonnegative a_contracts x). fold y in D.
    assert (U := descent_lemma L_positive smoothness w_star y).
    assert (S := strong_convexity w_star x). rewrite stationary in U, S. rewrite attained.
    combine ((F w_star + inner 0%V (y - w_star) + L / 2 * norm2 (y - w_star) - F y)
             + L / 2 * ((1 - c * a) ^ 2 * norm2 (x - w_star) - norm2 (y - w_star))
             + (1 - c * a) ^ 2 * (F x - (F w_star + inner 0%V (x - w_star)
                 + c / 2 * norm2 (x - w_star)))
             + (c - L) / 2 * (1 - c * a) ^ 2 * norm2 (x - w_star)).
Qed.

Theorem gradient_step
    (L_positive : 0 < L)
    (c_positive : 0 < c)
    (smoothness : smooth F L)
    (strong_convexity : strongly_convex F c)
    (attained : F_star = F w_star)
    (stationary : grad F w_star = 0%V)
    (a_nonnegative : 0 <= a)
    (a_contracts : a * (L + c) <= 2) :
  (forall x, norm2 (x - a * grad F x - w_star) <= (1 - c * a) ^ 2 * norm2 (x - w_star))
  /\
  (forall x, F (x - a * grad F x)%V - F_star <= (1 - c * a) ^ 2 * (F x - F_star)).
Proof.
  split; [now apply gradient_step_contracts | now apply gradient_step_decreases].
Qed.
End GradientStep.
