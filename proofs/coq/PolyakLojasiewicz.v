(** * Linear rates under the Polyak-Lojasiewicz inequality: T3, T3p, T8p

    F has an L-Lipschitz gradient, 2c (F(x) - F_star) <= |grad F(x)|^2, 0 < c <= L;
    0 < q_min <= q_k <= q_max, mu q_max <= 1/L; gap = F(w_0) - F_star.

      T3   scheduled q_k:    E F(w_K) - F_star <= B + prod_{k<K} (1 - c mu q_k) (gap - B),
             B = (L mu/2c) max over q in {q_min, q_max} of q sigma2 + tau2/q
      T3p  predictable q_k:  E F(w_K) - F_star <= B_p + (1 - c mu q_min)^K (gap - B_p),
             B_p = L mu (q_max^2 sigma2 + tau2)/(2 c q_min)
      T8p  T3p for K c mu q_min epsilon >= gap - epsilon:  E F(w_K) - F_star <= epsilon + B_p *)

From Coq Require Import Reals Lra.
From Shrinkproof Require Import Sums Vectors Probability Process Combine Smooth Sgd OneStep WorstCase
  Drift.
Open Scope R_scope.

(** q^2 sigma2 + tau2 <= q M between q_min and q_max, M the larger of q sigma2 + tau2/q at the two
    ends: the difference is concave in q. *)
Lemma noise_at_most_at_an_end q_min q_max sigma2 tau2 q :
  0 < q_min <= q_max -> 0 <= sigma2 -> q_min <= q <= q_max ->
  q ^ 2 * sigma2 + tau2
    <= q * Rmax (q_min * sigma2 + tau2 / q_min) (q_max * sigma2 + tau2 / q_max).
Proof.
  intros [Pmin Pmax] S Q. set (M := Rmax _ _).
  assert (Mmin := Rmax_l (q_min * sigma2 + tau2 / q_min) (q_max * sigma2 + tau2 / q_max)).
  assert (Mmax := Rmax_r (q_min * sigma2 + tau2 / q_min) (q_max * sigma2 + tau2 / q_max)).
  fold M in Mmin, Mmax.
  assert (C : 0 <= - tau2 + M * q - sigma2 * q ^ 2); [| lra].
  apply concave_between with q_min q_max; [exact S | exact Q | |].
  - combine (q_min * (M - (q_min * sigma2 + tau2 / q_min))).
  - combine (q_max * (M - (q_max * sigma2 + tau2 / q_max))).
Qed.

Section Scheduled.
Context {V : Space} {P : Process} {F : Objective V} {L c mu q_min q_max sigma2 tau2 F_star : R}
        {q : nat -> R} {w : History P -> V} {g : History P -> Sample P -> V}
        {eps : History P -> Sample P -> Noise P -> V}.

Theorem pl_scheduled
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : update w (fun h => q (time h)) g eps (fun _ => mu))
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (noise_unbiased : noise_unbiased eps)
    (noise_variance : noise_variance eps tau2)
    (mu_positive : 0 < mu)
    (q_min_positive : 0 < q_min)
    (q_lower : forall k, q_min <= q k)
    (q_upper : forall k, q k <= q_max)
    (stepsize_bound : mu * q_max <= 1 / L)
    (polyak_lojasiewicz : polyak_lojasiewicz F c F_star)
    (c_positive : 0 < c)
    (c_at_most_L : c <= L) :
  forall K,
  let B := L * mu / (2 * c) * Rmax (q_min * sigma2 + tau2 / q_min) (q_max * sigma2 + tau2 / q_max) in
  E_run K (fun h => F (w h)) - F_star
  <= B + prod K (fun k => 1 - c * mu * q k) * (F (w start) - F_star - B).
Proof.
  intros K B.
  assert (Q : forall k, 0 < q k) by (intros k; specialize (q_lower k); lra).
  assert (alpha : always h, 0 <= mu * q (time (P := P) h)) by (intros h _; specialize (Q (time h)); nonneg).
  assert (small : always h, mu * q (time (P := P) h) <= 1 / L).
  { intros h _. specialize (q_upper (time h)).
    combine (mu * (q_max - q (time h)) + (1 / L - mu * q_max)). }
  assert (O := one_step_small_stepsize L_positive smoothness update unbiased variance
                 noise_unbiased noise_variance alpha small).
  assert (S := variance_nonneg variance).
  assert (D : E_run K (fun h => F (w h)) <= F_star + B
              + prod K (fun k => 1 - c * mu * q k) * (F (w start) - (F_star + B))); [| lra].
  apply (contraction_bounds_mean (X := fun h => F (w h)) (fun k => 1 - c * mu * q k)).
  { intros k. apply (rate_nonnegative (q_max := q_max) mu (q k) L_positive); auto. }
  intros h R. specialize (O h R). cbn beta in O. specialize (polyak_lojasiewicz (w h)).
  specialize (Q (time h)). specialize (q_lower (time h)). specialize (q_upper (time h)).
  set (r := q (time h)) in *. unfold B.
  assert (N := noise_at_most_at_an_end q_min q_max sigma2 tau2 r ltac:(lra) S ltac:(lra)).
  set (M := Rmax _ _) in *. set (F' := E_past h _) in *.
  combine ((F (w h) - mu * r / 2 * norm2 (grad F (w h))
              + L / 2 * ((mu * r) ^ 2 * sigma2 + mu ^ 2 * tau2) - F')
           + mu * r / 2 * (norm2 (grad F (w h)) - 2 * c * (F (w h) - F_star))
           + L / 2 * mu ^ 2 * (r * M - (r ^ 2 * sigma2 + tau2))).
Qed.
End Scheduled.

Section Predictable.
Context {V : Space} {P : Process} {F : Objective V} {L c mu q_min q_max sigma2 tau2 F_star epsilon : R}
        {w : History P -> V} {q : History P -> R} {g : History P -> Sample P -> V}
        {eps : History P -> Sample P -> Noise P -> V}.

Theorem pl_predictable
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : update w q g eps (fun _ => mu))
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (noise_unbiased : noise_unbiased eps)
    (noise_variance : noise_variance eps tau2)
    (mu_positive : 0 < mu)
    (q_min_positive : 0 < q_min)
    (q_lower : q_lower q q_min)
    (q_upper : q_upper q q_max)
    (stepsize_bound : mu * q_max <= 1 / L)
    (polyak_lojasiewicz : polyak_lojasiewicz F c F_star)
    (c_positive : 0 < c)
    (c_at_most_L : c <= L) :
  forall K,
  let B_p := L * mu * (q_max ^ 2 * sigma2 + tau2) / (2 * c * q_min) in
  E_run K (fun h => F (w h)) - F_star
  <= B_p + (1 - c * mu * q_min) ^ K * (F (w start) - F_star - B_p).
Proof.
  intros K B_p. rewrite <- prod_const.
  assert (W := worst_case_step L_positive smoothness update unbiased variance noise_unbiased
    noise_variance (fun _ => mu_positive) q_min_positive q_lower q_upper (fun _ => stepsize_bound)).
  assert (D : E_run K (fun h => F (w h)) <= F_star + B_p
              + prod K (fun _ => 1 - c * mu * q_min) * (F (w start) - (F_star + B_p))); [| lra].
  apply (contraction_bounds_mean (X := fun h => F (w h)) (fun _ => 1 - c * mu * q_min)).
  { intros _. apply (rate_nonnegative (q_max := q_max) mu q_min L_positive); auto.
    apply (range_is_proper q_min_positive q_lower q_upper). }
  intros h R. specialize (W h R). specialize (polyak_lojasiewicz (w h)). unfold B_p.
  set (F' := E_past h _) in *.
  combine ((F (w h) - mu * q_min / 2 * norm2 (grad F (w h))
              + L / 2 * mu ^ 2 * (q_max ^ 2 * sigma2 + tau2) - F')
           + mu * q_min / 2 * (norm2 (grad F (w h)) - 2 * c * (F (w h) - F_star))).
Qed.

(** Bernoulli, as an upper bound. *)
Lemma power_at_most r K : 0 <= r <= 1 -> (1 - r) ^ K * (1 + INR K * r) <= 1.
Proof.
  intros Hr. induction K as [| K IH]; [cbn; lra|].
  assert (P0 : 0 <= (1 - r) ^ K) by (apply pow_le; lra). assert (K0 := pos_INR K).
  rewrite S_INR. replace ((1 - r) ^ S K) with ((1 - r) * (1 - r) ^ K) by reflexivity.
  set (p := (1 - r) ^ K) in *.
  combine ((1 - p * (1 + INR K * r)) + p * r * r * (1 + INR K)).
Qed.

Theorem pl_complexity {K : nat}
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : Sgd.update w q g eps (fun _ => mu))
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (noise_unbiased : noise_unbiased eps)
    (noise_variance : noise_variance eps tau2)
    (mu_positive : 0 < mu)
    (q_min_positive : 0 < q_min)
    (q_lower : q_lower q q_min)
    (q_upper : q_upper q q_max)
    (stepsize_bound : mu * q_max <= 1 / L)
    (polyak_lojasiewicz : polyak_lojasiewicz F c F_star)
    (c_positive : 0 < c)
    (c_at_most_L : c <= L)
    (epsilon_positive : 0 < epsilon)
    (enough_steps : F (w start) - F_star - epsilon <= INR K * c * mu * q_min * epsilon) :
  E_run K (fun h => F (w h)) - F_star
  <= epsilon + L * mu * (q_max ^ 2 * sigma2 + tau2) / (2 * c * q_min).
Proof.
  assert (T := pl_predictable L_positive smoothness update unbiased variance noise_unbiased
    noise_variance mu_positive q_min_positive q_lower q_upper stepsize_bound polyak_lojasiewicz
    c_positive c_at_most_L K). cbn zeta in T.
  assert (S := variance_nonneg variance). assert (N := noise_variance_nonneg noise_variance).
  assert (B0 : 0 <= L * mu * (q_max ^ 2 * sigma2 + tau2) / (2 * c * q_min)) by nonneg.
  set (B := L * mu * _ / _) in *.
  assert (range := range_is_proper q_min_positive q_lower q_upper).
  assert (rate := rate_nonnegative mu q_min L_positive c_at_most_L mu_positive range stepsize_bound).
  assert (r0 : 0 <= c * mu * q_min) by nonneg.
  assert (Bern := power_at_most (c * mu * q_min) K ltac:(lra)).
  assert (p0 : 0 <= (1 - c * mu * q_min) ^ K) by (apply pow_le; lra).
  set (p := (1 - c * mu * q_min) ^ K) in *. eapply Rle_trans; [apply T|].
  combine (p * B + p * (INR K * c * mu * q_min * epsilon - (F (w start) - F_star - epsilon))
           + epsilon * (1 - p * (1 + INR K * (c * mu * q_min)))).
Qed.
End Predictable.
