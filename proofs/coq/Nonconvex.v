(** * Nonconvex objectives: T1, T1s, T6, T8

    F has an L-Lipschitz gradient and is bounded below by F_inf; Delta = F(w_0) - F_inf;
    V = q_max^2 sigma2 + tau2; q_k predictable.

      T1s  sum_{k<K} E[alpha_k (2 - L alpha_k) G_k]
             <= 2 Delta + L sum_{k<K} (E[alpha_k^2] sigma2 + mu_k^2 tau2),  any mu_k, q_k
      T1   (1/K) sum_{k<K} E G_k <= 2 Delta/(K mu q_min) + L mu V / q_min,
             for 0 < q_min <= q_k <= q_max and mu q_max <= 1/L
      T6   T1 at mu = sqrt(2 Delta/(K L V)), 2 L Delta q_max^2 <= K V:
             (1/K) sum E G_k <= 2 sqrt(2 Delta L V/K) / q_min
      T8   T1 for K mu q_min epsilon >= 2 Delta:  (1/K) sum E G_k <= epsilon + L mu V / q_min *)

From Coq Require Import Reals Lra.
From Shrinkproof Require Import Sums Vectors Probability Process Combine Smooth Sgd OneStep WorstCase
  Drift Rates.
Open Scope R_scope.

Section Weighted.
Context {V : Space} {P : Process} {F : Objective V} {L sigma2 tau2 F_inf : R} {mu : nat -> R}
        {w : History P -> V} {q : History P -> R} {g : History P -> Sample P -> V}
        {eps : History P -> Sample P -> Noise P -> V} {K : nat}.

Theorem nonconvex_weighted
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : update w q g eps mu)
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (noise_unbiased : noise_unbiased eps)
    (noise_variance : noise_variance eps tau2)
    (bounded_below : bounded_below F F_inf) :
  sum K (fun k => E_run k (fun h => mu k * q h * (2 - L * mu k * q h) * norm2 (grad F (w h))))
  <= 2 * (F (w start) - F_inf)
     + L * sum K (fun k => E_run k (fun h => (mu k * q h) ^ 2) * sigma2 + mu k ^ 2 * tau2).
Proof.
  assert (D := drift_bounds_sum (X := fun h => F (w h))
    (D := fun h => mu (time h) * q h * (1 - L * mu (time h) * q h / 2) * norm2 (grad F (w h)))
    (B := fun h => L / 2 * ((mu (time h) * q h) ^ 2 * sigma2 + mu (time h) ^ 2 * tau2))
    (one_step L_positive smoothness update unbiased variance noise_unbiased noise_variance) K).
  assert (B := bounded_in_mean (w := w) (K := K) bounded_below).
  rewrite (sum_ext K _ (fun k => / 2 * E_run k (fun h =>
             mu k * q h * (2 - L * mu k * q h) * norm2 (grad F (w h))))) in D.
  2: { intros k _. rewrite <- E_run_scale. apply E_run_equal. intros h _ <-. field. }
  rewrite (sum_ext K (fun k => E_run k (fun h => L / 2 * _)) (fun k => L / 2 *
             (E_run k (fun h => (mu k * q h) ^ 2) * sigma2 + mu k ^ 2 * tau2))) in D.
  2: { intros k _.
       rewrite (Rmult_comm _ sigma2), <- E_run_scale, <- (E_run_const (P := P) k (mu k ^ 2 * tau2)).
       rewrite <- E_run_add, <- E_run_scale. apply E_run_equal. intros h _ <-. ring. }
  rewrite !sum_scale in D. lra.
Qed.

End Weighted.

Section FixedStepsize.
Context {V : Space} {P : Process} {F : Objective V} {L mu q_min q_max sigma2 tau2 F_inf : R}
        {w : History P -> V} {q : History P -> R} {g : History P -> Sample P -> V}
        {eps : History P -> Sample P -> Noise P -> V} {K : nat}.

Theorem nonconvex_fixed_step
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
    (bounded_below : bounded_below F F_inf)
    (K_positive : 0 < INR K) :
  sum K (fun k => E_run k (fun h => norm2 (grad F (w h)))) / INR K
  <= 2 * (F (w start) - F_inf) / (INR K * mu * q_min)
     + L * mu * (q_max ^ 2 * sigma2 + tau2) / q_min.
Proof.
  assert (W := worst_case_step_fixed L_positive smoothness update unbiased variance noise_unbiased
    noise_variance mu_positive q_min_positive q_lower q_upper stepsize_bound).
  eapply Rle_trans; [apply (averaged mu_positive q_min_positive W bounded_below K_positive)|].
  right. field. lra.
Qed.

End FixedStepsize.

(** ** Consequences of T1 *)
Section Consequences.
Context {V : Space} {P : Process} {F : Objective V} {L mu q_min q_max sigma2 tau2 F_inf epsilon : R}
        {w : History P -> V} {q : History P -> R} {g : History P -> Sample P -> V}
        {eps : History P -> Sample P -> Noise P -> V} {K : nat}.

(** The best fixed stepsize for K steps. *)
Theorem nonconvex_best_stepsize
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : update w q g eps
              (fun _ => sqrt (2 * (F (w start) - F_inf) / (INR K * L * (q_max ^ 2 * sigma2 + tau2)))))
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (noise_unbiased : noise_unbiased eps)
    (noise_variance : noise_variance eps tau2)
    (q_min_positive : 0 < q_min)
    (q_lower : q_lower q q_min)
    (q_upper : q_upper q q_max)
    (bounded_below : bounded_below F F_inf)
    (K_positive : 0 < INR K)
    (Delta_positive : 0 < F (w start) - F_inf)
    (noise_positive : 0 < q_max ^ 2 * sigma2 + tau2)
    (enough_steps : 2 * L * (F (w start) - F_inf) * q_max ^ 2 <= INR K * (q_max ^ 2 * sigma2 + tau2)) :
  sum K (fun k => E_run k (fun h => norm2 (grad F (w h)))) / INR K
  <= 2 * sqrt (2 * (F (w start) - F_inf) * L * (q_max ^ 2 * sigma2 + tau2) / INR K) / q_min.
Proof.
  set (Delta := F (w start) - F_inf) in *. set (W := q_max ^ 2 * sigma2 + tau2) in *.
  set (m := sqrt (2 * Delta / (INR K * L * W))) in *.
  assert (m_positive : 0 < m) by (apply sqrt_lt_R0; positive).
  assert (m_square : m ^ 2 = 2 * Delta / (INR K * L * W)) by (apply pow2_sqrt; nonneg).
  assert (range := range_is_proper q_min_positive q_lower q_upper).
  assert (stepsize_bound : m * q_max <= 1 / L).
  { apply Rsqr_incr_0_var; [| nonneg]. unfold Rsqr.
    replace (m * q_max * (m * q_max)) with (m ^ 2 * q_max ^ 2) by ring. rewrite m_square.
    combine (1 / (L ^ 2 * INR K * W) * (INR K * W - 2 * L * Delta * q_max ^ 2)). }
  assert (root : sqrt (2 * Delta * L * W / INR K) = L * W * m).
  { replace (2 * Delta * L * W / INR K) with ((L * W * m) ^ 2).
    - apply sqrt_pow2. nonneg.
    - rewrite Rpow_mult_distr, m_square. field. lra. }
  assert (T := nonconvex_fixed_step L_positive smoothness update unbiased variance noise_unbiased
                 noise_variance m_positive q_min_positive q_lower q_upper stepsize_bound
                   bounded_below K_positive).
  fold Delta W in T. rewrite root.
  replace (2 * Delta) with (m ^ 2 * (INR K * L * W)) in T by (rewrite m_square; field; lra).
  eapply Rle_trans; [apply T|]. right. field. lra.
Qed.

(** Complexity: steps in number 2 Delta/(mu q_min epsilon) bring the average within epsilon of
    its floor. *)
Theorem nonconvex_complexity
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
    (bounded_below : bounded_below F F_inf)
    (K_positive : 0 < INR K)
    (enough_steps : 2 * (F (w start) - F_inf) <= INR K * mu * q_min * epsilon) :
  sum K (fun k => E_run k (fun h => norm2 (grad F (w h)))) / INR K
  <= epsilon + L * mu * (q_max ^ 2 * sigma2 + tau2) / q_min.
Proof.
  assert (T := nonconvex_fixed_step L_positive smoothness update unbiased variance noise_unbiased
                 noise_variance mu_positive q_min_positive q_lower q_upper stepsize_bound
                   bounded_below K_positive).
  eapply Rle_trans; [apply T|].
  combine (1 / (INR K * mu * q_min) * (INR K * mu * q_min * epsilon - 2 * (F (w start) - F_inf))).
Qed.

End Consequences.
