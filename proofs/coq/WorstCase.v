(** * One step for predictable q_k between q_min and q_max

    With V = q_max^2 sigma2 + tau2, 0 < q_min <= q_k <= q_max and mu_k q_max <= 1/L,

      E[F(w_{k+1}) | past] <= F(w_k) - (mu_k q_min/2) G_k + (L mu_k^2/2) V. *)

From Coq Require Import Reals Lra.
From Shrinkproof Require Import Vectors Probability Process Combine Smooth Sgd OneStep.
Open Scope R_scope.

Section WorstCase.
Context {V : Space} {P : Process} {F : Objective V} {L c q_min q_max sigma2 tau2 : R}
        {w : History P -> V} {q : History P -> R} {g : History P -> Sample P -> V}
        {eps : History P -> Sample P -> Noise P -> V}.

Lemma range_is_proper
    (q_min_positive : 0 < q_min) (q_lower : q_lower q q_min) (q_upper : q_upper q q_max) :
  0 < q_min <= q_max.
Proof.
  assert (A := q_lower start reachable_start). assert (B := q_upper start reachable_start). lra.
Qed.

Lemma worst_case_step {mu : nat -> R}
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : update w q g eps mu)
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (noise_unbiased : noise_unbiased eps)
    (noise_variance : noise_variance eps tau2)
    (mu_nonnegative : forall k, 0 <= mu k)
    (q_min_positive : 0 < q_min)
    (q_lower : q_lower q q_min)
    (q_upper : q_upper q q_max)
    (stepsize_bound : forall k, mu k * q_max <= 1 / L) :
  always h,
    E_past h (fun xi zeta => F (w (after h xi zeta)))
    <= F (w h) - mu (time h) * q_min / 2 * norm2 (grad F (w h))
       + L / 2 * mu (time h) ^ 2 * (q_max ^ 2 * sigma2 + tau2).
Proof.
  intros h R.
  assert (Q : always h, 0 < q h) by (intros h' R'; specialize (q_lower h' R'); lra).
  assert (alpha : always h, 0 <= mu (time h) * q h).
  { intros h' R'. specialize (mu_nonnegative (time h')). specialize (Q h' R'). nonneg. }
  assert (small : always h, mu (time h) * q h <= 1 / L).
  { intros h' R'. eapply Rle_trans; [| apply (stepsize_bound (time h'))].
    apply Rmult_le_compat_l; [apply mu_nonnegative | now apply q_upper]. }
  assert (O := one_step_small_stepsize L_positive smoothness update unbiased variance noise_unbiased
                 noise_variance alpha small h R).
  eapply Rle_trans; [apply O|].
  assert (S := variance_nonneg variance). specialize (mu_nonnegative (time h)).
  specialize (Q h R). specialize (q_lower h R). specialize (q_upper h R).
  set (m := mu (time h)) in *.
  combine (m / 2 * (q h - q_min) * norm2 (grad F (w h))
           + L / 2 * m ^ 2 * sigma2 * (q_max - q h) * (q_max + q h)).
Qed.

(** The same at a fixed stepsize, in the form of Rates.v. *)
Lemma worst_case_step_fixed {m : R}
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : update w q g eps (fun _ => m))
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (noise_unbiased : noise_unbiased eps)
    (noise_variance : noise_variance eps tau2)
    (m_positive : 0 < m)
    (q_min_positive : 0 < q_min)
    (q_lower : q_lower q q_min)
    (q_upper : q_upper q q_max)
    (stepsize_bound : m * q_max <= 1 / L) :
  always h,
    E_past h (fun xi zeta => F (w (after h xi zeta)))
    <= F (w h) - m / 2 * q_min * norm2 (grad F (w h)) + m / 2 * (L * m * (q_max ^ 2 * sigma2 + tau2)).
Proof.
  intros h R. eapply Rle_trans; [apply (worst_case_step L_positive smoothness update unbiased
    variance
    noise_unbiased noise_variance (fun _ => Rlt_le _ _ m_positive) q_min_positive q_lower q_upper
    (fun _ => stepsize_bound) h R)|]. right. cbv beta. field.
Qed.

(** The rates of contraction are not negative: c mu q <= 1 for q <= q_max. *)
Lemma rate_nonnegative (m r : R)
    (L_positive : 0 < L)
    (c_at_most_L : c <= L)
    (m_positive : 0 < m)
    (r_range : 0 < r <= q_max)
    (stepsize_bound : m * q_max <= 1 / L) :
  0 <= 1 - c * m * r.
Proof.
  destruct r_range.
  combine (L * (1 / L - m * q_max) + L * m * (q_max - r) + m * r * (L - c)).
Qed.

End WorstCase.
