(** * Distances for strongly convex objectives: T3d, T3e, T3pd, and the lower bound LB

    F is c-strongly convex with L-Lipschitz gradient and stationary at w_star; D2 = |w_0 - w_star|^2;
    alpha_k = mu_k q_k >= 0, alpha_k (L + c) <= 2.

      T3d   scheduled q_k, any mu_k:  E |w_K - w_star|^2 <= r_K, where r_0 = D2 and
              r_{k+1} = (1 - c alpha_k)^2 r_k + alpha_k^2 sigma2 + mu_k^2 tau2
      T3e   scheduled q_k in [q_min, q_max], fixed mu:
              E |w_K - w_star|^2 <= B_d + prod_{k<K} (1 - c mu q_k)^2 (D2 - B_d),
              B_d = max over the two ends of mu (q sigma2 + tau2/q) / (c (2 - c mu q))
      T3pd  predictable q_k, c <= L:
              E |w_K - w_star|^2 <= B_pd + ((1 - c mu q_min)^2)^K (D2 - B_pd),
              B_pd = mu (q_max^2 sigma2 + tau2) / (c q_min (2 - c mu q_min))
      LB    F(x) = F_star + (c/2) |x - w_star|^2, variances exactly sigma2 and tau2, constant mu, q:
              E |w_K - w_star|^2 = B_d + ((1 - c mu q)^2)^K (D2 - B_d), q the only end, and
              E F(w_K) - F_star = B_s + ((1 - c mu q)^2)^K (gap - B_s), B_s = (c/2) B_d:
            T3d, T3e and T3s are attained at every K, in their rate and in their floor *)

From Coq Require Import Reals Lra.
From Shrinkproof Require Import Sums Vectors Probability Process Combine Smooth Sgd OneStep WorstCase
  Floors Drift.
Open Scope R_scope.

(** A fixed mu with mu q_max (L + c) <= 2 allows every factor r up to q_max. *)
Section Stepsize.
Context {L c mu q_min q_max r : R}.
Hypothesis L_positive : 0 < L.
Hypothesis c_positive : 0 < c.
Hypothesis mu_positive : 0 < mu.
Hypothesis range : 0 < r <= q_max.
Hypothesis stepsize_contracts : mu * q_max * (L + c) <= 2.

Lemma alpha_positive : 0 < mu * r.
Proof. apply Rmult_lt_0_compat; lra. Qed.

Lemma alpha_is_small : mu * r * (L + c) <= 2.
Proof. destruct range. combine ((2 - mu * q_max * (L + c)) + mu * (q_max - r) * (L + c)). Qed.

Lemma stable : c * mu * r < 2.
Proof.
  assert (A := alpha_positive). assert (B := alpha_is_small).
  assert (C : 0 < mu * r * L) by positive. lra.
Qed.

Lemma stable_1 (c_at_most_L : c <= L) : c * mu * r <= 1.
Proof.
  assert (A := alpha_positive). assert (B := alpha_is_small).
  combine (1 / 2 * (2 - mu * r * (L + c)) + 1 / 2 * (mu * r) * (L - c)).
Qed.
End Stepsize.

(** The contraction at q_min bounds every other. *)
Lemma worst_contraction L c mu q_min q_max r :
  0 < L -> 0 < c -> c <= L -> 0 < mu -> 0 < q_min <= r -> r <= q_max -> mu * q_max * (L + c) <= 2 ->
  (1 - c * mu * r) ^ 2 <= (1 - c * mu * q_min) ^ 2.
Proof.
  intros HL Hc HcL Hmu [H0 Hlo] Hhi Hs. apply square_decreasing. split.
  - apply Rmult_le_compat_l; [nonneg | lra].
  - apply (stable_1 (L := L) (q_max := q_max)); lra.
Qed.

Section Scheduled.
Context {V : Space} {P : Process} {F : Objective V} {L c sigma2 tau2 : R} {w_star : V}
        {mu q r : nat -> R} {w : History P -> V} {g : History P -> Sample P -> V}
        {eps : History P -> Sample P -> Noise P -> V} {K : nat}.

Theorem distance_scheduled
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (strong_convexity : strongly_convex F c)
    (stationary : grad F w_star = 0%V)
    (update : update w (fun h => q (time h)) g eps mu)
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (noise_unbiased : noise_unbiased eps)
    (noise_variance : noise_variance eps tau2)
    (alpha_nonnegative : forall k, 0 <= mu k * q k)
    (alpha_contracts : forall k, mu k * q k * (L + c) <= 2)
    (radius_start : r O = norm2 (w start - w_star))
    (radius_step : forall k, r (S k) = (1 - c * mu k * q k) ^ 2 * r k
                                       + (mu k * q k) ^ 2 * sigma2 + mu k ^ 2 * tau2) :
  E_run K (fun h => norm2 (w h - w_star)) <= r K.
Proof.
  apply (recursion_bounds_mean (X := fun h => norm2 (w h - w_star))
    (fun k => (1 - c * mu k * q k) ^ 2)
           (fun k => (mu k * q k) ^ 2 * sigma2 + mu k ^ 2 * tau2)).
  - intros. apply pow2_ge_0.
  - intros h R. rewrite <- Rplus_assoc.
    exact (one_step_distance (q := fun h => q (time h)) L_positive smoothness strong_convexity
             stationary update unbiased variance noise_unbiased noise_variance
             (fun h _ => alpha_nonnegative (time h)) (fun h _ => alpha_contracts (time h)) h R).
  - exact radius_start.
  - intros k. rewrite <- Rplus_assoc. apply radius_step.
Qed.
End Scheduled.

Section FixedStepsize.
Context {V : Space} {P : Process} {F : Objective V} {L c mu q_min q_max sigma2 tau2 : R} {w_star : V}
        {q : nat -> R} {w : History P -> V} {g : History P -> Sample P -> V}
        {eps : History P -> Sample P -> Noise P -> V} {K : nat}.

(** The larger floor of the two ends. *)
Definition worse_floor (c mu q_min q_max sigma2 tau2 : R) : R :=
  Rmax (mu * (q_min * sigma2 + tau2 / q_min) / (c * (2 - c * mu * q_min)))
       (mu * (q_max * sigma2 + tau2 / q_max) / (c * (2 - c * mu * q_max))).

Lemma noise_fits_under_worse_floor (r : R)
    (L_positive : 0 < L)
    (c_positive : 0 < c)
    (variance : variance F w g sigma2)
    (noise_variance : noise_variance eps tau2)
    (mu_positive : 0 < mu)
    (q_min_positive : 0 < q_min)
    (r_range : q_min <= r <= q_max)
    (stepsize_contracts : mu * q_max * (L + c) <= 2) :
  (mu * r) ^ 2 * sigma2 + mu ^ 2 * tau2
  <= (1 - (1 - c * mu * r) ^ 2) * worse_floor c mu q_min q_max sigma2 tau2.
Proof.
  assert (S := variance_nonneg variance). assert (T := noise_variance_nonneg noise_variance).
  assert (st : c * mu * q_max < 2) by (apply (stable (L := L) (q_max := q_max)); lra).
  apply (noise_fits_under_the_floor (q_min := q_min) (q_max := q_max)); try lra.
  - eapply Rle_trans; [| apply Rmax_r]. apply distance_floor_nonneg; lra.
  - apply Rmax_l.
  - apply Rmax_r.
Qed.

Theorem distance_closed_form
    (L_positive : 0 < L)
    (c_positive : 0 < c)
    (smoothness : smooth F L)
    (strong_convexity : strongly_convex F c)
    (stationary : grad F w_star = 0%V)
    (update : update w (fun h => q (time h)) g eps (fun _ => mu))
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (noise_unbiased : noise_unbiased eps)
    (noise_variance : noise_variance eps tau2)
    (mu_positive : 0 < mu)
    (q_min_positive : 0 < q_min)
    (q_lower : forall k, q_min <= q k)
    (q_upper : forall k, q k <= q_max)
    (stepsize_contracts : mu * q_max * (L + c) <= 2) :
  let B_d := Rmax (mu * (q_min * sigma2 + tau2 / q_min) / (c * (2 - c * mu * q_min)))
                  (mu * (q_max * sigma2 + tau2 / q_max) / (c * (2 - c * mu * q_max))) in
  E_run K (fun h => norm2 (w h - w_star))
  <= B_d + prod K (fun k => (1 - c * mu * q k) ^ 2) * (norm2 (w start - w_star) - B_d).
Proof.
  cbv zeta. fold (worse_floor c mu q_min q_max sigma2 tau2).
  assert (range : forall k, 0 < q k <= q_max)
    by (intros k; specialize (q_lower k); specialize (q_upper k); lra).
  apply (contraction_bounds_mean (X := fun h => norm2 (w h - w_star))
    (fun k => (1 - c * mu * q k) ^ 2)).
  { intros. apply pow2_ge_0. }
  intros h R.
  assert (O := one_step_distance (q := fun h => q (time h)) L_positive smoothness strong_convexity
    stationary update unbiased variance noise_unbiased noise_variance
    (fun h _ => Rlt_le _ _ (alpha_positive mu_positive (range (time h))))
    (fun h _ => alpha_is_small L_positive c_positive mu_positive
      (range (time h)) stepsize_contracts) h R).
  cbv beta in O.
  assert (N := noise_fits_under_worse_floor (q (time h)) L_positive c_positive variance
    noise_variance
    mu_positive q_min_positive (conj (q_lower (time h)) (q_upper (time h))) stepsize_contracts).
  lra.
Qed.
End FixedStepsize.

Section Predictable.
Context {V : Space} {P : Process} {F : Objective V} {L c mu q_min q_max sigma2 tau2 : R} {w_star : V}
        {w : History P -> V} {q : History P -> R} {g : History P -> Sample P -> V}
        {eps : History P -> Sample P -> Noise P -> V} {K : nat}.

Theorem distance_predictable
    (L_positive : 0 < L)
    (c_positive : 0 < c)
    (smoothness : smooth F L)
    (strong_convexity : strongly_convex F c)
    (stationary : grad F w_star = 0%V)
    (update : update w q g eps (fun _ => mu))
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (noise_unbiased : noise_unbiased eps)
    (noise_variance : noise_variance eps tau2)
    (mu_positive : 0 < mu)
    (q_min_positive : 0 < q_min)
    (q_lower : q_lower q q_min)
    (q_upper : q_upper q q_max)
    (stepsize_contracts : mu * q_max * (L + c) <= 2)
    (c_at_most_L : c <= L) :
  let B_pd := mu * (q_max ^ 2 * sigma2 + tau2) / (c * q_min * (2 - c * mu * q_min)) in
  E_run K (fun h => norm2 (w h - w_star))
  <= B_pd + ((1 - c * mu * q_min) ^ 2) ^ K * (norm2 (w start - w_star) - B_pd).
Proof.
  intros B_pd. rewrite <- prod_const. assert (S := variance_nonneg variance).
  assert (range : always h, 0 < q h <= q_max).
  { intros h R. specialize (q_lower h R). specialize (q_upper h R). lra. }
  assert (ends := range_is_proper q_min_positive q_lower q_upper).
  assert (st := stable L_positive c_positive mu_positive ends stepsize_contracts).
  apply (contraction_bounds_mean (X := fun h => norm2 (w h - w_star))
    (fun _ => (1 - c * mu * q_min) ^ 2)).
  { intros. apply pow2_ge_0. }
  intros h R.
  assert (O := one_step_distance L_positive smoothness strong_convexity
    stationary update unbiased variance noise_unbiased noise_variance
    (fun h R => Rlt_le _ _ (alpha_positive mu_positive (range h R)))
    (fun h R => alpha_is_small L_positive c_positive mu_positive
      (range h R) stepsize_contracts) h R).
  cbv beta in O. specialize (q_lower h R). specialize (q_upper h R). specialize (range h R).
  assert (C := worst_contraction L c mu q_min q_max
    (q h) L_positive c_positive c_at_most_L mu_positive
                 (conj q_min_positive q_lower) q_upper stepsize_contracts).
  unfold B_pd. set (E' := E_past h _) in *.
  combine (((1 - c * mu * q h) ^ 2 * norm2 (w h - w_star)
              + (mu * q h) ^ 2 * sigma2 + mu ^ 2 * tau2 - E')
           + ((1 - c * mu * q_min) ^ 2 - (1 - c * mu * q h) ^ 2) * norm2 (w h - w_star)
           + mu ^ 2 * sigma2 * (q_max - q h) * (q_max + q h)).
Qed.
End Predictable.

(** ** The lower bound *)
Section LowerBound.
Context {V : Space} {P : Process} {F : Objective V} {c mu q sigma2 tau2 F_star : R} {w_star : V}
        {w : History P -> V} {g : History P -> Sample P -> V}
        {eps : History P -> Sample P -> Noise P -> V} {K : nat}.

Theorem quadratic_lower_bound
    (c_positive : 0 < c)
    (q_positive : 0 < q)
    (stable : c * mu * q < 2)
    (quadratic : forall x, F x = F_star + c / 2 * norm2 (x - w_star))
    (quadratic_gradient : forall x, grad F x = (c * (x - w_star))%V)
    (update : update w (fun _ => q) g eps (fun _ => mu))
    (unbiased : unbiased F w g)
    (exact_variance : always h, E_past h (fun xi _ => norm2 (g h xi - grad F (w h))) = sigma2)
    (noise_unbiased : noise_unbiased eps)
    (exact_noise_variance : always h, E_past h (fun xi zeta => norm2 (eps h xi zeta)) = tau2) :
  let B_d := mu * (q * sigma2 + tau2 / q) / (c * (2 - c * mu * q)) in
  let B_s := c / 2 * B_d in
  E_run K (fun h => F (w h)) - F_star
  = B_s + ((1 - c * mu * q) ^ 2) ^ K * (F (w start) - F_star - B_s)
  /\
  E_run K (fun h => norm2 (w h - w_star))
  = B_d + ((1 - c * mu * q) ^ 2) ^ K * (norm2 (w start - w_star) - B_d).
Proof.
  intros B_d B_s. rewrite <- prod_const.
  assert (D : E_run K (fun h => norm2 (w h - w_star))
    = B_d + prod K (fun _ => (1 - c * mu * q) ^ 2) * (norm2 (w start - w_star) - B_d)).
  { apply (recursion_is_mean (X := fun h => norm2 (w h - w_star)) (fun k => (1 - c * mu * q) ^ 2)
           (fun k => (mu * q) ^ 2 * sigma2 + mu ^ 2 * tau2)
           (fun k => B_d + prod k (fun _ => (1 - c * mu * q) ^ 2) *
             (norm2 (w start - w_star) - B_d))).
    - intros h R. rewrite (distance_of_step update unbiased noise_unbiased w_star h R).
      rewrite exact_variance, exact_noise_variance, quadratic_gradient by auto. expand. ring.
    - rewrite prod_0. ring.
    - intros k. rewrite prod_S. set (p := prod k _). unfold B_d. field. lra. }
  split; [| exact D].
  rewrite (E_run_equal K (fun h => F (w h)) (fun h => F_star + c / 2 * norm2 (w h - w_star)))
    by (intros; apply quadratic).
  rewrite E_run_add, E_run_const, E_run_scale, D, quadratic. unfold B_s. ring.
Qed.
End LowerBound.
