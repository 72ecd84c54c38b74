(** * Linear rates under the Polyak-Lojasiewicz inequality: T3, T3p, F8, T8p

    F has an L-Lipschitz gradient, 2c (F(x) - F_star) <= |grad F(x)|^2, 0 < c <= L;
    0 < q_min <= q_k <= q_max, mu q_max <= 1/L; gap = F(w_0) - F_star.

      T3   scheduled q_k:    E F(w_K) - F_star <= B + prod_{k<K} (1 - c mu q_k) (gap - B),
             B = (L mu/2c) max over q in {q_min, q_max} of q sigma2 + tau2/q
      T3p  predictable q_k:  E F(w_K) - F_star <= B_p + (1 - c mu q_min)^K (gap - B_p),
             B_p = L mu (q_max^2 sigma2 + tau2)/(2 c q_min)
      F8   (1 - r)^K (1 + K r/s)^s <= 1  for 0 <= r <= 1 and every s > 0
      T8p  T3p for gap <= B_p + epsilon (1 + K c mu q_min/s)^s:
             E F(w_K) - F_star <= epsilon + B_p;  also for K >= ln(gap/epsilon)/(c mu q_min) *)

From Coq Require Import Reals Lra.
From Shrinkproof Require Import Sums Vectors Probability Process Combine Smooth Sgd OneStep WorstCase
  Drift Rates.
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
        {eps : History P -> Sample P -> Noise P -> V} {K : nat}.

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
  let B := L * mu / (2 * c) * Rmax (q_min * sigma2 + tau2 / q_min) (q_max * sigma2 + tau2 / q_max) in
  E_run K (fun h => F (w h)) - F_star
  <= B + prod K (fun k => 1 - c * mu * q k) * (F (w start) - F_star - B).
Proof.
  intros B.
  assert (Q : forall k, 0 < q k) by (intros k; specialize (q_lower k); lra).
  assert (alpha : always h, 0 <= mu * q (time (P := P) h)) by (intros h _; specialize (Q (time h));
    nonneg).
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
Context {V : Space} {P : Process} {F : Objective V} {L c mu q_min q_max sigma2 tau2 F_star : R}
        {w : History P -> V} {q : History P -> R} {g : History P -> Sample P -> V}
        {eps : History P -> Sample P -> Noise P -> V} {K : nat}.

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
  let B_p := L * mu * (q_max ^ 2 * sigma2 + tau2) / (2 * c * q_min) in
  E_run K (fun h => F (w h)) - F_star
  <= B_p + (1 - c * mu * q_min) ^ K * (F (w start) - F_star - B_p).
Proof.
  intros B_p.
  assert (W := worst_case_step_fixed L_positive smoothness update unbiased variance noise_unbiased
    noise_variance mu_positive q_min_positive q_lower q_upper stepsize_bound).
  assert (ends := range_is_proper q_min_positive q_lower q_upper).
  assert (rate := rate_nonnegative mu q_min L_positive c_at_most_L mu_positive ends stepsize_bound).
  apply (decaying mu_positive q_min_positive W polyak_lojasiewicz c_positive). lra.
Qed.

End Predictable.

(** ** Steps that suffice *)

Lemma exp_multiple x n : exp x ^ n = exp (INR n * x).
Proof.
  induction n as [| n IH]; [rewrite Rmult_0_l, exp_0; reflexivity|].
  rewrite S_INR. cbn [pow]. rewrite IH, <- exp_plus. f_equal. ring.
Qed.

Lemma exp_monotone x y : x <= y -> exp x <= exp y.
Proof. intros [H | <-]; [now apply Rlt_le, exp_increasing | lra]. Qed.

(** F8: a decay is at most any power of its first-order form. *)
Theorem bernoulli {r : R} {s K : nat}
    (r_nonnegative : 0 <= r)
    (r_at_most_1 : r <= 1)
    (s_positive : 0 < INR s) :
  (1 - r) ^ K * (1 + INR K * r / INR s) ^ s <= 1.
Proof.
  assert (K0 := pos_INR K). assert (x0 : 0 <= INR K * r / INR s) by nonneg.
  assert (one : 1 = exp (- r) ^ K * exp (INR K * r / INR s) ^ s).
  { rewrite !exp_multiple, <- exp_plus, <- exp_0. f_equal. field. lra. }
  rewrite one at 3. apply Rmult_le_compat; try (apply pow_le; lra); apply pow_incr.
  - split; [lra|]. assert (A := exp_ineq1_le (- r)). lra.
  - split; [lra|]. apply exp_ineq1_le.
Qed.

(** Steps that suffice: a decay p of the gap with p gain <= 1, once the gap is at most
    B_p + e gain. *)
Lemma enough_decay p gain gap B e :
  0 <= p -> p * gain <= 1 -> 0 <= e -> gap <= B + e * gain ->
  B + p * (gap - B) <= e + B.
Proof.
  intros P0 PG E0 G. combine (p * (B + e * gain - gap) + e * (1 - p * gain)).
Qed.

Section Complexity.
Context {V : Space} {P : Process} {F : Objective V} {L c mu q_min q_max sigma2 tau2 F_star epsilon : R}
        {w : History P -> V} {q : History P -> R} {g : History P -> Sample P -> V}
        {eps : History P -> Sample P -> Noise P -> V} {s K : nat}.

Theorem pl_complexity
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
    (c_at_most_L : c <= L)
    (s_positive : 0 < INR s)
    (epsilon_nonnegative : 0 <= epsilon)
    (enough_steps : F (w start) - F_star
                    <= L * mu * (q_max ^ 2 * sigma2 + tau2) / (2 * c * q_min)
                       + epsilon * (1 + INR K * c * mu * q_min / INR s) ^ s) :
  E_run K (fun h => F (w h)) - F_star
  <= epsilon + L * mu * (q_max ^ 2 * sigma2 + tau2) / (2 * c * q_min).
Proof.
  set (B_p := _ / (2 * c * q_min)) in *.
  assert (T := pl_predictable (K := K) L_positive smoothness update unbiased variance noise_unbiased
    noise_variance mu_positive q_min_positive q_lower q_upper stepsize_bound polyak_lojasiewicz
    c_positive c_at_most_L). fold B_p in T. eapply Rle_trans; [apply T|].
  assert (ends := range_is_proper q_min_positive q_lower q_upper).
  assert (rate := rate_nonnegative mu q_min L_positive c_at_most_L mu_positive ends stepsize_bound).
  assert (r0 : 0 <= c * mu * q_min) by nonneg.
  apply (enough_decay _ ((1 + INR K * c * mu * q_min / INR s) ^ s)); try assumption.
  - apply pow_le. exact rate.
  - rewrite !Rmult_assoc, <- (Rmult_assoc c). apply bernoulli; lra.
Qed.

(** The same with an exponential: ln(gap/epsilon)/(c mu q_min) steps. *)
Theorem pl_complexity_logarithmic
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
    (c_at_most_L : c <= L)
    (epsilon_positive : 0 < epsilon)
    (gap_positive : 0 < F (w start) - F_star)
    (enough_steps : ln ((F (w start) - F_star) / epsilon) / (c * mu * q_min) <= INR K) :
  E_run K (fun h => F (w h)) - F_star
  <= epsilon + L * mu * (q_max ^ 2 * sigma2 + tau2) / (2 * c * q_min).
Proof.
  set (B_p := _ / (2 * c * q_min)) in *.
  assert (T := pl_predictable (K := K) L_positive smoothness update unbiased variance noise_unbiased
    noise_variance mu_positive q_min_positive q_lower q_upper stepsize_bound polyak_lojasiewicz
    c_positive c_at_most_L). fold B_p in T. eapply Rle_trans; [apply T|].
  assert (ends := range_is_proper q_min_positive q_lower q_upper).
  assert (rate := rate_nonnegative mu q_min L_positive c_at_most_L mu_positive ends stepsize_bound).
  assert (r0 : 0 < c * mu * q_min) by positive.
  assert (S := variance_nonneg variance). assert (N := noise_variance_nonneg noise_variance).
  assert (B0 : 0 <= B_p) by (unfold B_p; nonneg).
  apply (enough_decay _ (exp (INR K * (c * mu * q_min)))).
  - apply pow_le. exact rate.
  - replace 1 with (exp (- (c * mu * q_min)) ^ K * exp (INR K * (c * mu * q_min))) at 2.
    + apply Rmult_le_compat_r; [apply Rlt_le, exp_pos|]. apply pow_incr. split; [exact rate|].
      assert (A := exp_ineq1_le (- (c * mu * q_min))). lra.
    + rewrite exp_multiple, <- exp_plus, <- exp_0. f_equal. ring.
  - lra.
  - assert (G : (F (w start) - F_star) / epsilon <= exp (INR K * (c * mu * q_min))).
    { rewrite <- (exp_ln ((F (w start) - F_star) / epsilon)) by positive.
      apply exp_monotone.
      combine (c * mu * q_min * (INR K - ln ((F (w start) - F_star) / epsilon) / (c * mu * q_min))).
      }
    set (gain := exp _) in *.
    combine (B_p + epsilon * (gain - (F (w start) - F_star) / epsilon)).
Qed.
End Complexity.
