(** * Diminishing stepsizes: T2, T2s, T2r, T2c, T4

    F has an L-Lipschitz gradient; q_k predictable, 0 < q_min <= q_k <= q_max; mu_k >= 0 with
    mu_k q_max <= 1/L; V = q_max^2 sigma2 + tau2; Delta = F(w_0) - F_inf.

      T2   (sum_{k<K} mu_k E G_k) / (sum_{k<K} mu_k)
             <= (2 Delta + L V sum_{k<K} mu_k^2) / (q_min sum_{k<K} mu_k)
      T2s  for scheduled q_k, 0 <= alpha_k = mu_k q_k <= 1/L:
           (sum alpha_k E G_k) / (sum alpha_k)
             <= (2 Delta + L sum_{k<K} (alpha_k^2 sigma2 + mu_k^2 tau2)) / (sum alpha_k)
      T2r  for mu_k = mu_0/sqrt(k+1), mu_0 q_max <= 1/L, B = 2 Delta + L V mu_0^2 sum_{k<K} 1/(k+1):
           (1/K) sum_{k<K} E G_k <= sqrt(K+1) B / (K mu_0 q_min), and the weighted average of T2
           is at most B / (2 mu_0 q_min (sqrt(K+1) - 1))
      T2c  the average of T2 is at most epsilon once 2 Delta + L V S2 <= q_min epsilon sum mu_k,
           where S2 bounds every sum of mu_k^2; so it tends to 0 when also sum mu_k = infinity
      T4   under the Polyak-Lojasiewicz inequality, mu_k = beta/(gamma + k), c beta q_min > 1:
             E F(w_K) - F_star <= nu/(gamma + K),
             nu = max(gamma (F(w_0) - F_star), L beta^2 V / (2 (c beta q_min - 1))) *)

From Coq Require Import Reals Lra Lia.
From Shrinkproof Require Import Sums Vectors Probability Process Combine Smooth Sgd OneStep WorstCase
  Drift Rates.
Open Scope R_scope.

Section Nonconvex.
Context {V : Space} {P : Process} {F : Objective V} {L q_min q_max sigma2 tau2 F_inf S2 epsilon : R}
        {mu : nat -> R} {w : History P -> V} {q : History P -> R} {g : History P -> Sample P -> V}
        {eps : History P -> Sample P -> Noise P -> V} {K : nat}.

(** The weighted sum itself. *)
Lemma weighted_gradients
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : update w q g eps mu)
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (noise_unbiased : noise_unbiased eps)
    (noise_variance : noise_variance eps tau2)
    (q_min_positive : 0 < q_min)
    (q_lower : q_lower q q_min)
    (q_upper : q_upper q q_max)
    (mu_nonnegative : forall k, 0 <= mu k)
    (mu_small : forall k, mu k * q_max <= 1 / L)
    (bounded_below : bounded_below F F_inf) :
  q_min * sum K (fun k => mu k * E_run k (fun h => norm2 (grad F (w h))))
  <= 2 * (F (w start) - F_inf) + L * (q_max ^ 2 * sigma2 + tau2) * sum K (fun k => mu k ^ 2).
Proof.
  assert (D := drift_bounds_sum (X := fun h => F (w h))
    (D := fun h => mu (time h) * q_min / 2 * norm2 (grad F (w h)))
    (B := fun h => L / 2 * mu (time h) ^ 2 * (q_max ^ 2 * sigma2 + tau2))
    (worst_case_step L_positive smoothness update unbiased variance noise_unbiased noise_variance
       mu_nonnegative q_min_positive q_lower q_upper mu_small) K).
  assert (B := bounded_in_mean (w := w) (K := K) bounded_below).
  rewrite (sum_ext K (fun k => E_run k (fun h => mu (time h) * q_min / 2 * _))
             (fun k => q_min / 2 * (mu k * E_run k (fun h => norm2 (grad F (w h)))))) in D.
  2: { intros k _. rewrite <- !E_run_scale. apply E_run_equal. intros h _ <-. field. }
  rewrite (sum_ext K (fun k => E_run k (fun h => L / 2 * _ * _))
             (fun k => L / 2 * (q_max ^ 2 * sigma2 + tau2) * mu k ^ 2)) in D.
  2: { intros k _. rewrite <- (E_run_const (P := P) k). apply E_run_equal. intros h _ <-. ring. }
  rewrite !sum_scale in D. lra.
Qed.

Theorem nonconvex_diminishing
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : update w q g eps mu)
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (noise_unbiased : noise_unbiased eps)
    (noise_variance : noise_variance eps tau2)
    (q_min_positive : 0 < q_min)
    (q_lower : q_lower q q_min)
    (q_upper : q_upper q q_max)
    (mu_nonnegative : forall k, 0 <= mu k)
    (mu_small : forall k, mu k * q_max <= 1 / L)
    (bounded_below : bounded_below F F_inf)
    (weights_positive : 0 < sum K mu) :
  sum K (fun k => mu k * E_run k (fun h => norm2 (grad F (w h)))) / sum K mu
  <= (2 * (F (w start) - F_inf) + L * (q_max ^ 2 * sigma2 + tau2) * sum K (fun k => mu k ^ 2))
     / (q_min * sum K mu).
Proof.
  assert (W := weighted_gradients L_positive smoothness update unbiased variance noise_unbiased
    noise_variance q_min_positive q_lower q_upper mu_nonnegative mu_small bounded_below).
  set (S := sum K (fun k => mu k * _)) in *. set (N := sum K (fun k => mu k ^ 2)) in *.
  set (A := sum K mu) in *. set (B := 2 * _ + _) in *.
  combine (1 / (q_min * A) * (B - q_min * S)).
Qed.

Theorem nonconvex_convergence
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : update w q g eps mu)
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (noise_unbiased : noise_unbiased eps)
    (noise_variance : noise_variance eps tau2)
    (q_min_positive : 0 < q_min)
    (q_lower : q_lower q q_min)
    (q_upper : q_upper q q_max)
    (mu_nonnegative : forall k, 0 <= mu k)
    (mu_small : forall k, mu k * q_max <= 1 / L)
    (bounded_below : bounded_below F F_inf)
    (weights_positive : 0 < sum K mu)
    (squares_summable : forall n, sum n (fun k => mu k ^ 2) <= S2)
    (enough_steps : 2 * (F (w start) - F_inf) + L * (q_max ^ 2 * sigma2 + tau2) * S2
                    <= q_min * epsilon * sum K mu) :
  sum K (fun k => mu k * E_run k (fun h => norm2 (grad F (w h)))) / sum K mu <= epsilon.
Proof.
  assert (W := weighted_gradients L_positive smoothness update unbiased variance noise_unbiased
    noise_variance q_min_positive q_lower q_upper mu_nonnegative mu_small bounded_below).
  specialize (squares_summable K).
  assert (S0 := variance_nonneg variance). assert (N0 := noise_variance_nonneg noise_variance).
  assert (V0 : 0 <= q_max ^ 2 * sigma2 + tau2) by nonneg.
  set (V1 := q_max ^ 2 * _ + _) in *. set (S := sum K (fun k => mu k * _)) in *.
  set (N := sum K (fun k => mu k ^ 2)) in *. set (A := sum K mu) in *.
  combine (1 / (q_min * A) * (2 * (F (w start) - F_inf) + L * V1 * N - q_min * S)
           + 1 / (q_min * A) * (q_min * epsilon * A - (2 * (F (w start) - F_inf) + L * V1 * S2))
           + 1 / (q_min * A) * (L * V1) * (S2 - N)).
Qed.
End Nonconvex.

(** ** Scheduled shrinkage *)
Section Scheduled.
Context {V : Space} {P : Process} {F : Objective V} {L sigma2 tau2 F_inf : R}
        {mu q : nat -> R} {w : History P -> V} {g : History P -> Sample P -> V}
        {eps : History P -> Sample P -> Noise P -> V} {K : nat}.

Theorem nonconvex_scheduled
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : update w (fun h => q (time h)) g eps mu)
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (noise_unbiased : noise_unbiased eps)
    (noise_variance : noise_variance eps tau2)
    (alpha_nonnegative : forall k, 0 <= mu k * q k)
    (alpha_small : forall k, mu k * q k <= 1 / L)
    (bounded_below : bounded_below F F_inf)
    (weights_positive : 0 < sum K (fun k => mu k * q k)) :
  sum K (fun k => mu k * q k * E_run k (fun h => norm2 (grad F (w h)))) / sum K (fun k => mu k * q k)
  <= (2 * (F (w start) - F_inf) + L * sum K (fun k => (mu k * q k) ^ 2 * sigma2 + mu k ^ 2 * tau2))
     / sum K (fun k => mu k * q k).
Proof.
  assert (D := drift_bounds_sum (X := fun h => F (w h))
    (D := fun h => mu (time h) * q (time h) / 2 * norm2 (grad F (w h)))
    (B := fun h => L / 2 * ((mu (time h) * q (time h)) ^ 2 * sigma2 + mu (time h) ^ 2 * tau2))
    (one_step_small_stepsize (q := fun h => q (time h)) L_positive smoothness update unbiased
      variance
       noise_unbiased noise_variance (fun h _ => alpha_nonnegative (time h))
       (fun h _ => alpha_small (time h))) K).
  assert (B := bounded_in_mean (w := w) (K := K) bounded_below).
  rewrite (sum_ext K (fun k => E_run k (fun h => mu (time h) * q (time h) / 2 * _))
             (fun k => / 2 * (mu k * q k * E_run k (fun h => norm2 (grad F (w h)))))) in D.
  2: { intros k _. rewrite <- !E_run_scale. apply E_run_equal. intros h _ <-. field. }
  rewrite (sum_ext K (fun k => E_run k (fun h => L / 2 * _))
             (fun k => L / 2 * ((mu k * q k) ^ 2 * sigma2 + mu k ^ 2 * tau2))) in D.
  2: { intros k _. rewrite <- (E_run_const (P := P) k). apply E_run_equal. now intros h _ <-. }
  rewrite !sum_scale in D.
  set (S := sum K (fun k => _ * E_run k _)) in *. set (X := E_run K _) in *.
  set (N := sum K (fun k => _ + _)) in *. set (A := sum K _) in *.
  combine (2 / A * (F (w start) + L / 2 * N - (X + / 2 * S)) + 2 / A * (X - F_inf)).
Qed.
End Scheduled.

(** The limit itself. *)
Section Limit.
Context {V : Space} {P : Process} {F : Objective V} {L q_min q_max sigma2 tau2 F_inf S2 : R}
        {mu : nat -> R} {w : History P -> V} {q : History P -> R} {g : History P -> Sample P -> V}
        {eps : History P -> Sample P -> Noise P -> V}.

Theorem nonconvex_limit
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : update w q g eps mu)
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (noise_unbiased : noise_unbiased eps)
    (noise_variance : noise_variance eps tau2)
    (q_min_positive : 0 < q_min)
    (q_lower : q_lower q q_min)
    (q_upper : q_upper q q_max)
    (mu_nonnegative : forall k, 0 <= mu k)
    (mu_small : forall k, mu k * q_max <= 1 / L)
    (bounded_below : bounded_below F F_inf)
    (squares_summable : forall n, sum n (fun k => mu k ^ 2) <= S2)
    (stepsizes_not_summable : forall bound, exists n, bound <= sum n mu) :
  Un_cv (fun K => sum K (fun k => mu k * E_run k (fun h => norm2 (grad F (w h)))) / sum K mu) 0.
Proof.
  intros e He. assert (He2 : 0 < q_min * (e / 2)) by (apply Rmult_lt_0_compat; lra).
  set (C := 2 * (F (w start) - F_inf) + L * (q_max ^ 2 * sigma2 + tau2) * S2).
  destruct (stepsizes_not_summable (C / (q_min * (e / 2)))) as [n Hn].
  destruct (stepsizes_not_summable 1) as [m Hm].
  exists (max m n). intros K HK. unfold R_dist. rewrite Rminus_0_r.
  assert (grows : forall a b, (a <= b)%nat -> sum a mu <= sum b mu).
  { intros a b Hab. replace b with (a + (b - a))%nat by lia. clear -mu_nonnegative.
    induction (b - a)%nat as [| i IH]; [rewrite Nat.add_0_r; lra|].
    rewrite Nat.add_succ_r, sum_S. specialize (mu_nonnegative (a + i)%nat). lra. }
  assert (M : 0 < sum K mu) by (assert (A := grows m K ltac:(lia)); lra).
  rewrite Rabs_pos_eq.
  2: { apply quotient_nonneg; [| exact M]. apply sum_nonneg. intros k _. apply Rmult_le_pos.
       - apply mu_nonnegative.
       - apply E_run_nonneg. intros. apply norm2_nonneg. }
  apply Rle_lt_trans with (e / 2); [| lra].
  apply (nonconvex_convergence L_positive smoothness update unbiased variance noise_unbiased
    noise_variance q_min_positive q_lower q_upper mu_nonnegative mu_small bounded_below M
      squares_summable).
  fold C. assert (Hn' : C / (q_min * (e / 2)) <= sum K mu).
  { eapply Rle_trans; [exact Hn | apply grows; lia]. }
  apply (Rmult_le_compat_l (q_min * (e / 2))) in Hn'; [| lra].
  replace (q_min * (e / 2) * (C / (q_min * (e / 2)))) with C in Hn' by (field; lra). exact Hn'.
Qed.
End Limit.

(** ** mu_k = mu_0/sqrt(k+1) *)
Section SquareRoots.
Context {V : Space} {P : Process} {F : Objective V} {L mu0 q_min q_max sigma2 tau2 F_inf : R}
        {mu : nat -> R} {w : History P -> V} {q : History P -> R} {g : History P -> Sample P -> V}
        {eps : History P -> Sample P -> Noise P -> V} {K : nat}.

Lemma sqrt_INR_positive k : 0 < sqrt (INR (S k)).
Proof. apply sqrt_lt_R0, lt_0_INR. lia. Qed.

Lemma sum_of_inverse_roots n : 2 * (sqrt (INR (S n)) - 1) <= sum n (fun k => / sqrt (INR (S k))).
Proof.
  induction n as [| n IH]; [cbn; rewrite sqrt_1; lra|]. rewrite sum_S.
  assert (A := sqrt_INR_positive n). assert (B := sqrt_INR_positive (S n)).
  assert (A2 : sqrt (INR (S n)) ^ 2 = INR (S n)) by (apply pow2_sqrt, pos_INR).
  assert (B2 : sqrt (INR (S (S n))) ^ 2 = INR (S n) + 1)
    by (rewrite pow2_sqrt by apply pos_INR; now rewrite S_INR).
  set (a := sqrt (INR (S n))) in *. set (b := sqrt (INR (S (S n)))) in *.
  assert (Step : 2 * (b - a) <= / a).
  { apply Rmult_le_reg_l with a; [exact A|]. rewrite Rinv_r by lra.
    assert (0 <= (b - a) ^ 2) by apply pow2_ge_0. nra. }
  lra.
Qed.

Lemma mu_on_schedule_at_least k : mu0 > 0 -> (k < K)%nat ->
  mu0 / sqrt (INR (S K)) <= mu0 / sqrt (INR (S k)).
Proof.
  intros H Hk. apply Rmult_le_compat_l; [lra|]. apply Rinv_le_contravar; [apply sqrt_INR_positive|].
  apply sqrt_le_1_alt, le_INR. lia.
Qed.

Theorem nonconvex_square_root_stepsizes
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : update w q g eps mu)
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (noise_unbiased : noise_unbiased eps)
    (noise_variance : noise_variance eps tau2)
    (q_min_positive : 0 < q_min)
    (q_lower : q_lower q q_min)
    (q_upper : q_upper q q_max)
    (bounded_below : bounded_below F F_inf)
    (mu0_positive : 0 < mu0)
    (mu0_small : mu0 * q_max <= 1 / L)
    (stepsizes : forall k, mu k = mu0 / sqrt (INR (S k)))
    (K_positive : 0 < INR K) :
  let H := sum K (fun k => 1 / INR (S k)) in
  sum K (fun k => E_run k (fun h => norm2 (grad F (w h)))) / INR K
  <= sqrt (INR (S K)) * (2 * (F (w start) - F_inf) + L * (q_max ^ 2 * sigma2 + tau2) * mu0 ^ 2 * H)
     / (INR K * mu0 * q_min)
  /\
  sum K (fun k => mu k * E_run k (fun h => norm2 (grad F (w h)))) / sum K mu
  <= (2 * (F (w start) - F_inf) + L * (q_max ^ 2 * sigma2 + tau2) * mu0 ^ 2 * H)
     / (2 * mu0 * q_min * (sqrt (INR (S K)) - 1)).
Proof.
  intros H.
  assert (range := range_is_proper q_min_positive q_lower q_upper).
  assert (mu_nonnegative : forall k, 0 <= mu k).
  { intros k. rewrite stepsizes. apply quotient_nonneg; [lra | apply sqrt_INR_positive]. }
  assert (mu_small : forall k, mu k * q_max <= 1 / L).
  { intros k. rewrite stepsizes. assert (A := sqrt_INR_positive k).
    assert (A1 : 1 <= sqrt (INR (S k))).
    { rewrite <- sqrt_1 at 1. apply sqrt_le_1_alt. rewrite S_INR. assert (X := pos_INR k). lra. }
    combine ((1 / L - mu0 * q_max) + mu0 * q_max * (sqrt (INR (S k)) - 1) / sqrt (INR (S k))). }
  assert (W := weighted_gradients (K := K) L_positive smoothness update unbiased variance
    noise_unbiased
    noise_variance q_min_positive q_lower q_upper mu_nonnegative mu_small bounded_below).
  rewrite (sum_ext K (fun k => mu k ^ 2) (fun k => mu0 ^ 2 * (1 / INR (S k)))) in W.
  2: { intros k _. rewrite stepsizes. assert (A := sqrt_INR_positive k).
       rewrite <- (pow2_sqrt (INR (S k))) at 2 by apply pos_INR. field. lra. }
  rewrite sum_scale, <- Rmult_assoc in W. fold H in W. set (B := 2 * _ + _) in *.
  assert (root : 1 < sqrt (INR (S K))).
  { rewrite <- sqrt_1 at 1. apply sqrt_lt_1_alt. rewrite S_INR. lra. }
  set (r := sqrt (INR (S K))) in *.
  assert (G0 : forall k, 0 <= E_run k (fun h => norm2 (grad F (w h))))
    by (intros; apply E_run_nonneg; intros; apply norm2_nonneg).
  split.
  - assert (P1 : mu0 / r * sum K (fun k => E_run k (fun h => norm2 (grad F (w h))))
                 <= sum K (fun k => mu k * E_run k (fun h => norm2 (grad F (w h))))).
    { rewrite <- sum_scale. apply sum_le. intros k Hk. rewrite stepsizes.
      apply Rmult_le_compat_r; [apply G0 | now apply mu_on_schedule_at_least]. }
    set (S1 := sum K (fun k => E_run k _)) in *. set (S := sum K (fun k => mu k * _)) in *.
    combine (r / (INR K * mu0 * q_min) * (B - q_min * S) + r / (INR K * mu0) * (S - mu0 / r * S1)).
  - assert (low : 2 * mu0 * (r - 1) <= sum K mu).
    { rewrite (sum_ext K mu (fun k => mu0 * / sqrt (INR (S k)))) by (intros; apply stepsizes).
      rewrite sum_scale. assert (A := sum_of_inverse_roots K). fold r in A. nra. }
    assert (S0 : 0 <= sum K (fun k => mu k * E_run k (fun h => norm2 (grad F (w h))))).
    { apply sum_nonneg. intros k _. apply Rmult_le_pos; [apply mu_nonnegative | apply G0]. }
    set (S := sum K (fun k => mu k * _)) in *. set (A := sum K mu) in *.
    assert (P0 : 0 < 2 * mu0 * (r - 1)) by (apply Rmult_lt_0_compat; lra).
    assert (A0 : 0 < A) by lra. assert (d : 0 < r - 1) by lra.
    combine (1 / (2 * mu0 * q_min * (r - 1)) * (B - q_min * S)
             + S * (A - 2 * mu0 * (r - 1)) / (2 * mu0 * (r - 1) * A)).
Qed.
End SquareRoots.

(** ** mu_k = beta/(gamma + k) *)
Section PolyakLojasiewicz.
Context {V : Space} {P : Process} {F : Objective V} {L c beta gamma q_min q_max sigma2 tau2 F_star : R}
        {w : History P -> V} {q : History P -> R} {g : History P -> Sample P -> V}
        {eps : History P -> Sample P -> Noise P -> V} {K : nat}.

Theorem pl_diminishing
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : update w q g eps (fun k => beta / (gamma + INR k)))
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (noise_unbiased : noise_unbiased eps)
    (noise_variance : noise_variance eps tau2)
    (q_min_positive : 0 < q_min)
    (q_lower : q_lower q q_min)
    (q_upper : q_upper q q_max)
    (polyak_lojasiewicz : polyak_lojasiewicz F c F_star)
    (c_positive : 0 < c)
    (c_at_most_L : c <= L)
    (gamma_positive : 0 < gamma)
    (beta_large : 1 < c * beta * q_min)
    (first_stepsize : beta * q_max / gamma <= 1 / L) :
  E_run K (fun h => F (w h)) - F_star
  <= Rmax (gamma * (F (w start) - F_star))
          (L * beta ^ 2 * (q_max ^ 2 * sigma2 + tau2) / (2 * (c * beta * q_min - 1)))
     / (gamma + INR K).
Proof.
  set (nu := Rmax _ _).
  assert (nu0 := Rmax_l (gamma * (F (w start) - F_star))
    (L * beta ^ 2 * (q_max ^ 2 * sigma2 + tau2) / (2 * (c * beta * q_min - 1)))).
  assert (nu1 := Rmax_r (gamma * (F (w start) - F_star))
    (L * beta ^ 2 * (q_max ^ 2 * sigma2 + tau2) / (2 * (c * beta * q_min - 1)))).
  fold nu in nu0, nu1.
  assert (beta_positive : 0 < beta).
  { apply Rmult_lt_reg_l with (c * q_min); [positive | lra]. }
  assert (s : forall k, 0 < gamma + INR k) by (intros k; assert (A := pos_INR k); lra).
  assert (range := range_is_proper q_min_positive q_lower q_upper).
  assert (mu_positive : forall k, 0 < beta / (gamma + INR k)).
  { intros k. specialize (s k). positive. }
  assert (bound : forall k, beta / (gamma + INR k) * q_max <= 1 / L).
  { intros k. specialize (s k). assert (A := pos_INR k).
    combine ((1 / L - beta * q_max / gamma) + beta * q_max * INR k / (gamma * (gamma + INR k))). }
  assert (W := worst_case_step L_positive smoothness update unbiased variance noise_unbiased
    noise_variance (fun k => Rlt_le _ _ (mu_positive k)) q_min_positive q_lower q_upper bound).
  assert (S0 := variance_nonneg variance). assert (N := noise_variance_nonneg noise_variance).
  assert (W0 : 0 <= q_max ^ 2 * sigma2 + tau2) by nonneg.
  set (Q := q_max ^ 2 * sigma2 + tau2) in *.
  assert (nu_nonneg : 0 <= nu) by (eapply Rle_trans; [| apply nu1]; nonneg).
  assert (D : E_run K (fun h => F (w h)) <= F_star + nu / (gamma + INR K)); [| lra].
  apply (envelope_bounds_mean (X := fun h => F (w h))
    (fun k => 1 - c * (beta / (gamma + INR k)) * q_min)
    (fun k => c * (beta / (gamma + INR k)) * q_min * F_star
      + L / 2 * (beta / (gamma + INR k)) ^ 2 * Q)
    (fun k => F_star + nu / (gamma + INR k))).
  - intros k. apply (rate_nonnegative (q_max := q_max) _ q_min L_positive); auto.
  - intros h R. specialize (W h R). cbn beta in W. specialize (polyak_lojasiewicz (w h)).
    specialize (s (time h)). set (F' := E_past h _) in *.
    set (m := beta / (gamma + INR (time h))) in *.
    specialize (mu_positive (time h)). fold m in mu_positive.
    combine ((F (w h) - m * q_min / 2 * norm2 (grad F (w h)) + L / 2 * m ^ 2 * Q - F')
             + m * q_min / 2 * (norm2 (grad F (w h)) - 2 * c * (F (w h) - F_star))).
  - change (INR 0) with 0. rewrite Rplus_0_r.
    combine (1 / gamma * (nu - gamma * (F (w start) - F_star))).
  - intros k. rewrite S_INR. specialize (s k). set (x := gamma + INR k) in *.
    replace (gamma + (INR k + 1)) with (x + 1) by (unfold x; ring).
    combine ((c * beta * q_min - 1) / x ^ 2
             * (nu - L * beta ^ 2 * Q / (2 * (c * beta * q_min - 1)))
             + nu / (x ^ 2 * (x + 1))).
Qed.
End PolyakLojasiewicz.
