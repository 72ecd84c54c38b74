(** * Rates with real quantizers: T7a to T7h

    F has an L-Lipschitz gradient; fixed stepsize mu > 0; Delta = F(w_0) - F_inf, gap = F(w_0) - F_star.
    Nonconvex: F >= F_inf; else the Polyak-Lojasiewicz inequality with 0 < c <= L.

      T7a, T7b  Q3, mu (1 + omega) <= 1/L, N = L mu ((1 + omega) sigma2 + tau2):
                  (1/K) sum E G_k <= 2 Delta/(K mu) + N
                  E F(w_K) - F_star <= B + (1 - c mu)^K (gap - B),  B = N/(2c)
      T7g, T7h  Q4, t > 0, kappa = 2 - L mu - (1 - L mu)^2/t - (t + L mu) u^2 > 0,
                N = L mu (1 + L mu/t) sigma2 + (t + L mu) (u^2 sigma2 + eta2):
                  (1/K) sum E G_k <= 2 Delta/(K mu kappa) + N/kappa
                  E F(w_K) - F_star <= B + (1 - c mu kappa)^K (gap - B),  B = N/(2 c kappa)
      T7c, T7d  Q4 with eta2 = 0:  kappa = (1 + L mu) (1 - u^2) - (L mu)^2 > 0,
                N = (1 + L mu) (u^2 + L mu) sigma2:  the same bounds.  N does not vanish with mu
      T7e, T7f  Q5, q_min + q_max > 0:  T7c and T7d at stepsize mu m and relative error rho,
                m = (q_min + q_max)/2, rho = (q_max - q_min)/(q_max + q_min) *)

From Coq Require Import Reals Lra.
From Shrinkproof Require Import Sums Vectors Probability Process Combine Smooth Sgd Quantized Rates.
Open Scope R_scope.

Section Unbiased.
Context {V : Space} {P : Process} {F : Objective V} {L c mu sigma2 tau2 omega F_inf F_star : R}
        {w : History P -> V} {g : History P -> Sample P -> V}
        {Q : History P -> Sample P -> Noise P -> V} {K : nat}.

Lemma unbiased_step
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : quantized_update w Q (fun _ => mu))
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (mu_positive : 0 < mu)
    (quantization_unbiased : quantization_unbiased g Q)
    (quantization_error : quantization_error g Q (fun s => omega * s + tau2))
    (omega_nonnegative : 0 <= omega)
    (stepsize_bound : mu * (1 + omega) <= 1 / L) :
  always h,
    E_past h (fun xi zeta => F (w (after h xi zeta)))
    <= F (w h) - mu / 2 * 1 * norm2 (grad F (w h))
       + mu / 2 * (L * mu * ((1 + omega) * sigma2 + tau2)).
Proof.
  intros h R. eapply Rle_trans; [apply (one_step_unbiased L_positive smoothness update unbiased
    variance
    quantization_unbiased quantization_error omega_nonnegative h R)|]. cbv beta.
  combine (L * mu / 2 * (1 / L - mu * (1 + omega)) * norm2 (grad F (w h))).
Qed.

Theorem nonconvex_unbiased
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : quantized_update w Q (fun _ => mu))
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (mu_positive : 0 < mu)
    (quantization_unbiased : quantization_unbiased g Q)
    (quantization_error : quantization_error g Q (fun s => omega * s + tau2))
    (omega_nonnegative : 0 <= omega)
    (stepsize_bound : mu * (1 + omega) <= 1 / L)
    (bounded_below : bounded_below F F_inf)
    (K_positive : 0 < INR K) :
  sum K (fun k => E_run k (fun h => norm2 (grad F (w h)))) / INR K
  <= 2 * (F (w start) - F_inf) / (INR K * mu) + L * mu * ((1 + omega) * sigma2 + tau2).
Proof.
  assert (S := unbiased_step L_positive smoothness update unbiased variance mu_positive
    quantization_unbiased quantization_error omega_nonnegative stepsize_bound).
  eapply Rle_trans; [apply (averaged mu_positive Rlt_0_1 S bounded_below K_positive)|].
  right. field. lra.
Qed.

Theorem pl_unbiased
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : quantized_update w Q (fun _ => mu))
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (mu_positive : 0 < mu)
    (quantization_unbiased : quantization_unbiased g Q)
    (quantization_error : quantization_error g Q (fun s => omega * s + tau2))
    (omega_nonnegative : 0 <= omega)
    (stepsize_bound : mu * (1 + omega) <= 1 / L)
    (polyak_lojasiewicz : polyak_lojasiewicz F c F_star)
    (c_positive : 0 < c)
    (c_at_most_L : c <= L) :
  let B_omega := L * mu * ((1 + omega) * sigma2 + tau2) / (2 * c) in
  E_run K (fun h => F (w h)) - F_star
  <= B_omega + (1 - c * mu) ^ K * (F (w start) - F_star - B_omega).
Proof.
  intros B. assert (S := unbiased_step L_positive smoothness update unbiased variance mu_positive
    quantization_unbiased quantization_error omega_nonnegative stepsize_bound).
  assert (rate : c * mu * 1 <= 1).
  { combine (L * (1 / L - mu * (1 + omega)) + L * mu * omega + mu * (L - c)). }
  assert (T := decaying (K := K) mu_positive Rlt_0_1 S polyak_lojasiewicz c_positive rate).
  rewrite !Rmult_1_r in T. exact T.
Qed.
End Unbiased.

Section RelativeAbsolute.
Context {V : Space} {P : Process} {F : Objective V} {L c mu sigma2 u eta2 t F_inf F_star : R}
        {w : History P -> V} {g : History P -> Sample P -> V}
        {Q : History P -> Sample P -> Noise P -> V} {K : nat}.

Lemma nonconvex_relative_absolute_step
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : quantized_update w Q (fun _ => mu))
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (mu_positive : 0 < mu)
    (quantization_error : quantization_error g Q (fun s => u ^ 2 * s + eta2))
    (t_positive : 0 < t) :
  always h,
    E_past h (fun xi zeta => F (w (after h xi zeta)))
    <= F (w h)
       - mu / 2 * (2 - L * mu - (1 - L * mu) ^ 2 / t - (t + L * mu) * u ^ 2) * norm2 (grad F (w h))
       + mu / 2 * (L * mu * (1 + L * mu / t) * sigma2 + (t + L * mu) * (u ^ 2 * sigma2 + eta2)).
Proof.
  intros h R. eapply Rle_trans; [apply (one_step_relative_absolute L_positive smoothness update
    unbiased
    variance quantization_error (fun _ => Rlt_le _ _ mu_positive) t_positive h R)|].
  right. cbv beta. field; lra.
Qed.

Theorem nonconvex_relative_absolute
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : quantized_update w Q (fun _ => mu))
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (mu_positive : 0 < mu)
    (quantization_error : quantization_error g Q (fun s => u ^ 2 * s + eta2))
    (t_positive : 0 < t)
    (kappa_positive : 0 < 2 - L * mu - (1 - L * mu) ^ 2 / t - (t + L * mu) * u ^ 2)
    (bounded_below : bounded_below F F_inf)
    (K_positive : 0 < INR K) :
  let kappa := 2 - L * mu - (1 - L * mu) ^ 2 / t - (t + L * mu) * u ^ 2 in
  sum K (fun k => E_run k (fun h => norm2 (grad F (w h)))) / INR K
  <= 2 * (F (w start) - F_inf) / (INR K * mu * kappa)
     + (L * mu * (1 + L * mu / t) * sigma2 + (t + L * mu) * (u ^ 2 * sigma2 + eta2)) / kappa.
Proof.
  exact (averaged mu_positive kappa_positive (nonconvex_relative_absolute_step L_positive smoothness
    update unbiased variance
    mu_positive quantization_error t_positive) bounded_below K_positive).
Qed.

Theorem pl_relative_absolute
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : quantized_update w Q (fun _ => mu))
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (mu_positive : 0 < mu)
    (quantization_error : quantization_error g Q (fun s => u ^ 2 * s + eta2))
    (t_positive : 0 < t)
    (kappa_positive : 0 < 2 - L * mu - (1 - L * mu) ^ 2 / t - (t + L * mu) * u ^ 2)
    (polyak_lojasiewicz : polyak_lojasiewicz F c F_star)
    (c_positive : 0 < c)
    (c_at_most_L : c <= L) :
  let kappa := 2 - L * mu - (1 - L * mu) ^ 2 / t - (t + L * mu) * u ^ 2 in
  let B_eta := (L * mu * (1 + L * mu / t) * sigma2 + (t + L * mu) * (u ^ 2 * sigma2 + eta2))
               / (2 * c * kappa) in
  E_run K (fun h => F (w h)) - F_star
  <= B_eta + (1 - c * mu * kappa) ^ K * (F (w start) - F_star - B_eta).
Proof.
  apply (decaying mu_positive kappa_positive (nonconvex_relative_absolute_step L_positive smoothness
    update unbiased variance
    mu_positive quantization_error t_positive) polyak_lojasiewicz c_positive).
  set (kappa := 2 - L * mu - _ - _) in *.
  apply Rle_trans with (L * mu * kappa);
    [combine (mu * kappa * (L - c)) | unfold kappa].
  combine ((1 - L * mu) ^ 2 + L * mu / t * (1 - L * mu) ^ 2 + L * mu * t * u ^ 2
    + (L * mu * u) ^ 2).
Qed.
End RelativeAbsolute.

Section Relative.
Context {V : Space} {P : Process} {F : Objective V} {L c mu sigma2 u F_inf F_star : R}
        {w : History P -> V} {g : History P -> Sample P -> V}
        {Q : History P -> Sample P -> Noise P -> V} {K : nat}.

Lemma nonconvex_relative_step
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : quantized_update w Q (fun _ => mu))
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (mu_positive : 0 < mu)
    (quantization_error : quantization_error g Q (fun s => u ^ 2 * s)) :
  always h,
    E_past h (fun xi zeta => F (w (after h xi zeta)))
    <= F (w h) - mu / 2 * ((1 + L * mu) * (1 - u ^ 2) - (L * mu) ^ 2) * norm2 (grad F (w h))
       + mu / 2 * ((1 + L * mu) * (u ^ 2 + L * mu) * sigma2).
Proof.
  intros h R. eapply Rle_trans; [apply (one_step_relative L_positive smoothness update unbiased
    variance quantization_error (fun _ => Rlt_le _ _ mu_positive) h R)|].
  right. cbv beta. field.
Qed.

Theorem nonconvex_relative
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : quantized_update w Q (fun _ => mu))
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (mu_positive : 0 < mu)
    (quantization_error : quantization_error g Q (fun s => u ^ 2 * s))
    (kappa_positive : 0 < (1 + L * mu) * (1 - u ^ 2) - (L * mu) ^ 2)
    (bounded_below : bounded_below F F_inf)
    (K_positive : 0 < INR K) :
  let kappa := (1 + L * mu) * (1 - u ^ 2) - (L * mu) ^ 2 in
  sum K (fun k => E_run k (fun h => norm2 (grad F (w h)))) / INR K
  <= 2 * (F (w start) - F_inf) / (INR K * mu * kappa) + (1 + L * mu) * (u ^ 2 + L * mu) * sigma2 / kappa.
Proof.
  exact (averaged mu_positive kappa_positive (nonconvex_relative_step L_positive smoothness update
    unbiased variance
    mu_positive quantization_error) bounded_below K_positive).
Qed.

Theorem pl_relative
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : quantized_update w Q (fun _ => mu))
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (mu_positive : 0 < mu)
    (quantization_error : quantization_error g Q (fun s => u ^ 2 * s))
    (kappa_positive : 0 < (1 + L * mu) * (1 - u ^ 2) - (L * mu) ^ 2)
    (polyak_lojasiewicz : polyak_lojasiewicz F c F_star)
    (c_positive : 0 < c)
    (c_at_most_L : c <= L) :
  let kappa := (1 + L * mu) * (1 - u ^ 2) - (L * mu) ^ 2 in
  let B_u := (1 + L * mu) * (u ^ 2 + L * mu) * sigma2 / (2 * c * kappa) in
  E_run K (fun h => F (w h)) - F_star
  <= B_u + (1 - c * mu * kappa) ^ K * (F (w start) - F_star - B_u).
Proof.
  apply (decaying mu_positive kappa_positive (nonconvex_relative_step L_positive smoothness update
    unbiased variance
    mu_positive quantization_error) polyak_lojasiewicz c_positive).
  set (kappa := _ - (L * mu) ^ 2) in *.
  apply Rle_trans with (L * mu * kappa);
    [combine (mu * kappa * (L - c)) | unfold kappa].
  combine ((1 - L * mu) ^ 2 * (1 + L * mu) + L * mu * (1 + L * mu) * u ^ 2).
Qed.
End Relative.

(** ** Factors that see the sample *)
Section SampleDependent.
Context {V : Space} {P : Process} {F : Objective V} {L c mu q_min q_max sigma2 F_inf F_star : R}
        {w : History P -> V} {g : History P -> Sample P -> V}
        {Q : History P -> Sample P -> Noise P -> V} {K : nat}.

(** Q/m has relative error rho, and a step of stepsize mu along Q is one of stepsize mu m along Q/m. *)
Lemma scaled_quantizer
    (sector : sector g Q q_min q_max)
    (range_positive : 0 < q_min + q_max) :
  let m := (q_min + q_max) / 2 in
  let rho := (q_max - q_min) / (q_max + q_min) in
  quantization_error g (fun h xi zeta => / m * Q h xi zeta)%V (fun s => rho ^ 2 * s).
Proof.
  intros m rho h xi R Hxi. rewrite <- (E_const (noise_law h xi) (rho ^ 2 * norm2 (g h xi))).
  apply E_monotone. intros zeta Hzeta.
  assert (D := reduction sector range_positive h xi zeta R Hxi Hzeta). fold m rho in D.
  assert (m_positive : 0 < m) by (unfold m; lra).
  combine (1 / m ^ 2 * (rho ^ 2 * norm2 (m * g h xi) - norm2 (Q h xi zeta - m * g h xi))).
Qed.

Lemma scaled_update (range_positive : 0 < q_min + q_max)
    (update : quantized_update w Q (fun _ => mu)) :
  let m := (q_min + q_max) / 2 in
  quantized_update w (fun h xi zeta => / m * Q h xi zeta)%V (fun _ => mu * m).
Proof.
  intros m h xi zeta R Hxi Hzeta. rewrite (update h xi zeta R Hxi Hzeta).
  vector_field. unfold m. lra.
Qed.

Theorem nonconvex_sample_dependent
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : quantized_update w Q (fun _ => mu))
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (mu_positive : 0 < mu)
    (sector : sector g Q q_min q_max)
    (range_positive : 0 < q_min + q_max) :
  let m := (q_min + q_max) / 2 in
  let rho := (q_max - q_min) / (q_max + q_min) in
  let kappa := (1 + L * mu * m) * (1 - rho ^ 2) - (L * mu * m) ^ 2 in
  forall
    (kappa_positive : 0 < kappa)
    (bounded_below : bounded_below F F_inf)
    (K_positive : 0 < INR K),
  sum K (fun k => E_run k (fun h => norm2 (grad F (w h)))) / INR K
  <= 2 * (F (w start) - F_inf) / (INR K * mu * m * kappa)
     + (1 + L * mu * m) * (rho ^ 2 + L * mu * m) * sigma2 / kappa.
Proof.
  intros m rho kappa kappa_positive bounded_below K_positive.
  assert (mum : 0 < mu * m) by (apply Rmult_lt_0_compat; [assumption | unfold m; lra]).
  assert (k' : 0 < (1 + L * (mu * m)) * (1 - rho ^ 2) - (L * (mu * m)) ^ 2)
    by (rewrite <- Rmult_assoc; exact kappa_positive).
  assert (T := nonconvex_relative (K := K) L_positive smoothness
    (scaled_update range_positive update) unbiased variance
    mum (scaled_quantizer sector range_positive) k' bounded_below K_positive).
  fold m rho in T. cbv zeta in T. unfold kappa.
  rewrite (Rmult_assoc L mu m), (Rmult_assoc (INR K) mu m). exact T.
Qed.

Theorem pl_sample_dependent
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : quantized_update w Q (fun _ => mu))
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (mu_positive : 0 < mu)
    (sector : sector g Q q_min q_max)
    (range_positive : 0 < q_min + q_max) :
  let m := (q_min + q_max) / 2 in
  let rho := (q_max - q_min) / (q_max + q_min) in
  let kappa := (1 + L * mu * m) * (1 - rho ^ 2) - (L * mu * m) ^ 2 in
  forall
    (kappa_positive : 0 < kappa)
    (polyak_lojasiewicz : polyak_lojasiewicz F c F_star)
    (c_positive : 0 < c)
    (c_at_most_L : c <= L),
  let B_q := (1 + L * mu * m) * (rho ^ 2 + L * mu * m) * sigma2 / (2 * c * kappa) in
  E_run K (fun h => F (w h)) - F_star
  <= B_q + (1 - c * mu * m * kappa) ^ K * (F (w start) - F_star - B_q).
Proof.
  intros m rho kappa kappa_positive polyak_lojasiewicz c_positive c_at_most_L.
  assert (mum : 0 < mu * m) by (apply Rmult_lt_0_compat; [assumption | unfold m; lra]).
  assert (k' : 0 < (1 + L * (mu * m)) * (1 - rho ^ 2) - (L * (mu * m)) ^ 2)
    by (rewrite <- Rmult_assoc; exact kappa_positive).
  assert (T := pl_relative (K := K) L_positive smoothness
    (scaled_update range_positive update) unbiased variance
    mum (scaled_quantizer sector range_positive) k' polyak_lojasiewicz c_positive c_at_most_L).
  fold m rho in T. cbv zeta in T. unfold kappa. rewrite (Rmult_assoc L mu m), (Rmult_assoc c mu m).
  exact T.
Qed.
End SampleDependent.
