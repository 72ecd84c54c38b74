(** * Distances for strongly convex objectives: T3d, T3e, T3pd, and the lower bound LB

    F is c-strongly convex with L-Lipschitz gradient, 0 < c <= L, and stationary at w_star;
    alpha_k = mu_k q_k <= 2/(L+c); D2 = |w_0 - w_star|^2.

      T3d   scheduled q_k, any mu_k:  E |w_K - w_star|^2 <= r_K, where r_0 = D2 and
              r_{k+1} = (1 - c alpha_k)^2 r_k + alpha_k^2 sigma2 + mu_k^2 tau2
      T3e   scheduled q_k in [q_min, q_max], fixed mu:
              E |w_K - w_star|^2 <= B_d + prod_{k<K} (1 - c mu q_k)^2 (D2 - B_d),
              B_d = max over the two ends of mu (q sigma2 + tau2/q) / (c (2 - c mu q))
      T3pd  predictable q_k:
              E |w_K - w_star|^2 <= B + rho^K (D2 - B),
              rho = (1 - c mu q_min)^2,  B = mu^2 (q_max^2 sigma2 + tau2) / (1 - rho)
      LB    grad F(x) = c (x - w_star), variances exactly sigma2 and tau2, constant mu and q:
              E |w_K - w_star|^2 = B_d + (1 - c mu q)^(2K) (D2 - B_d);
            so T3d and T3e are attained at every K, in their rate and in their floor *)

From Coq Require Import Reals Lra.
From Shrinkproof Require Import Sums Vectors Probability Process Combine Smooth Sgd OneStep WorstCase
  Floors Drift.
Open Scope R_scope.

(** mu q <= 2/(L+c) keeps c mu q at most 1. *)
Lemma contraction_at_most_1 L c a : 0 < c <= L -> a <= 2 / (L + c) -> c * a <= 1.
Proof. intros [C CL] A. combine (c * (2 / (L + c) - a) + (L - c) / (L + c)). Qed.

Section Scheduled.
Context {V : Space} {P : Process} {F : Objective V} {L c sigma2 tau2 : R} {w_star : V}
        {mu q r : nat -> R} {w : History P -> V} {g : History P -> Sample P -> V}
        {eps : History P -> Sample P -> Noise P -> V}.

Theorem distance_scheduled
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (strong_convexity : strongly_convex F c)
    (c_positive : 0 < c)
    (c_at_most_L : c <= L)
    (stationary : grad F w_star = 0%V)
    (update : update w (fun h => q (time h)) g eps mu)
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (noise_unbiased : noise_unbiased eps)
    (noise_variance : noise_variance eps tau2)
    (alpha_nonnegative : forall k, 0 <= mu k * q k)
    (alpha_small : forall k, mu k * q k <= 2 / (L + c))
    (r_start : r O = norm2 (w start - w_star))
    (r_step : forall k, r (S k) = (1 - c * mu k * q k) ^ 2 * r k
                                  + (mu k * q k) ^ 2 * sigma2 + mu k ^ 2 * tau2) :
  forall K, E_run K (fun h => norm2 (w h - w_star)) <= r K.
Proof.
  intros K.
  apply (recursion_bounds_mean (X := fun h => norm2 (w h - w_star)) (fun k => (1 - c * mu k * q k) ^ 2)
           (fun k => (mu k * q k) ^ 2 * sigma2 + mu k ^ 2 * tau2)).
  - intros. apply pow2_ge_0.
  - intros h R. rewrite <- Rplus_assoc.
    apply (one_step_distance (q := fun h => q (time h)) L_positive smoothness strong_convexity
             c_positive c_at_most_L stationary update unbiased variance noise_unbiased noise_variance);
      intros; auto.
  - exact r_start.
  - intros k. rewrite <- Rplus_assoc. apply r_step.
Qed.
End Scheduled.

Section FixedStepsize.
Context {V : Space} {P : Process} {F : Objective V} {L c mu q_min q_max sigma2 tau2 : R} {w_star : V}
        {q : nat -> R} {w : History P -> V} {g : History P -> Sample P -> V}
        {eps : History P -> Sample P -> Noise P -> V}.

Theorem distance_closed_form
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (strong_convexity : strongly_convex F c)
    (c_positive : 0 < c)
    (c_at_most_L : c <= L)
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
    (stepsize_bound : mu * q_max <= 2 / (L + c)) :
  forall K,
  let B_d := Rmax (mu * (q_min * sigma2 + tau2 / q_min) / (c * (2 - c * mu * q_min)))
                  (mu * (q_max * sigma2 + tau2 / q_max) / (c * (2 - c * mu * q_max))) in
  E_run K (fun h => norm2 (w h - w_star))
  <= B_d + prod K (fun k => (1 - c * mu * q k) ^ 2) * (norm2 (w start - w_star) - B_d).
Proof.
  intros K B_d.
  assert (at_min := Rmax_l (mu * (q_min * sigma2 + tau2 / q_min) / (c * (2 - c * mu * q_min)))
                           (mu * (q_max * sigma2 + tau2 / q_max) / (c * (2 - c * mu * q_max)))).
  assert (at_max := Rmax_r (mu * (q_min * sigma2 + tau2 / q_min) / (c * (2 - c * mu * q_min)))
                           (mu * (q_max * sigma2 + tau2 / q_max) / (c * (2 - c * mu * q_max)))).
  fold B_d in at_min, at_max.
  assert (range : 0 < q_min <= q_max) by (specialize (q_lower O); specialize (q_upper O); lra).
  assert (S := variance_nonneg variance). assert (T := noise_variance_nonneg noise_variance).
  assert (stable : c * mu * q_max <= 1).
  { rewrite Rmult_assoc. apply (contraction_at_most_1 L); [lra | exact stepsize_bound]. }
  assert (B0 : 0 <= B_d).
  { eapply Rle_trans; [| apply at_max]. apply distance_floor_nonneg; lra. }
  apply (contraction_bounds_mean (X := fun h => norm2 (w h - w_star)) (fun k => (1 - c * mu * q k) ^ 2)).
  { intros. apply pow2_ge_0. }
  intros h R. specialize (q_lower (time h)) as lo. specialize (q_upper (time h)) as hi.
  assert (O := one_step_distance (q := fun h => q (time h)) L_positive smoothness strong_convexity
    c_positive c_at_most_L stationary update unbiased variance noise_unbiased noise_variance). cbn beta in O.
  specialize (fun H1 H2 => O H1 H2 h R).
  assert (N := noise_fits_under_the_floor (sigma2 := sigma2) (tau2 := tau2) B_d (q (time h)) c_positive
                 mu_positive range ltac:(lra) S B0 at_min at_max ltac:(lra)).
  assert (O' : E_past h (fun xi zeta => norm2 (w (after h xi zeta) - w_star))
               <= (1 - c * mu * q (time h)) ^ 2 * norm2 (w h - w_star)
                  + (mu * q (time h)) ^ 2 * sigma2 + mu ^ 2 * tau2); [apply O | lra].
  - intros h' _. specialize (q_lower (time h')). nonneg.
  - intros h' _. specialize (q_upper (time h')).
    eapply Rle_trans; [| apply stepsize_bound]. apply Rmult_le_compat_l; lra.
Qed.
End FixedStepsize.

Section Predictable.
Context {V : Space} {P : Process} {F : Objective V} {L c mu q_min q_max sigma2 tau2 : R} {w_star : V}
        {w : History P -> V} {q : History P -> R} {g : History P -> Sample P -> V}
        {eps : History P -> Sample P -> Noise P -> V}.

Theorem distance_predictable
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (strong_convexity : strongly_convex F c)
    (c_positive : 0 < c)
    (c_at_most_L : c <= L)
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
    (stepsize_bound : mu * q_max <= 2 / (L + c)) :
  forall K,
  let rho := (1 - c * mu * q_min) ^ 2 in
  let B := mu ^ 2 * (q_max ^ 2 * sigma2 + tau2) / (1 - rho) in
  E_run K (fun h => norm2 (w h - w_star)) <= B + rho ^ K * (norm2 (w start - w_star) - B).
Proof.
  intros K rho B. rewrite <- prod_const.
  assert (S := variance_nonneg variance). assert (T := noise_variance_nonneg noise_variance).
  assert (range := range_is_proper q_min_positive q_lower q_upper).
  assert (stable : c * mu * q_max <= 1).
  { rewrite Rmult_assoc. apply (contraction_at_most_1 L); [lra | exact stepsize_bound]. }
  assert (cm : 0 < c * mu) by positive.
  assert (rate0 : 0 < c * mu * q_min) by positive.
  assert (rate1 : c * mu * q_min <= c * mu * q_max) by (apply Rmult_le_compat_l; lra).
  assert (rho1 : 0 < 1 - rho).
  { unfold rho. replace (1 - (1 - c * mu * q_min) ^ 2)
      with (c * mu * q_min * (2 - c * mu * q_min)) by ring. positive. }
  apply (contraction_bounds_mean (X := fun h => norm2 (w h - w_star)) (fun _ => rho)).
  { intros. apply pow2_ge_0. }
  intros h R. specialize (q_lower h R) as lo. specialize (q_upper h R) as hi.
  assert (O' : E_past h (fun xi zeta => norm2 (w (after h xi zeta) - w_star))
               <= (1 - c * mu * q h) ^ 2 * norm2 (w h - w_star)
                  + (mu * q h) ^ 2 * sigma2 + mu ^ 2 * tau2).
  { apply (one_step_distance L_positive smoothness strong_convexity
      c_positive c_at_most_L stationary update unbiased variance noise_unbiased noise_variance); auto.
    - intros h' R'. specialize (q_lower h' R'). nonneg.
    - intros h' R'. specialize (q_upper h' R').
      eapply Rle_trans; [| apply stepsize_bound]. apply Rmult_le_compat_l; lra. }
  assert (Dq : (1 - c * mu * q h) ^ 2 <= rho).
  { apply square_decreasing. split; [apply Rmult_le_compat_l; lra|].
    apply Rle_trans with (c * mu * q_max); [apply Rmult_le_compat_l; lra | exact stable]. }
  assert (lo0 : 0 < q h) by lra. unfold B. set (E' := E_past h _) in *.
  combine (((1 - c * mu * q h) ^ 2 * norm2 (w h - w_star)
              + (mu * q h) ^ 2 * sigma2 + mu ^ 2 * tau2 - E')
           + (rho - (1 - c * mu * q h) ^ 2) * norm2 (w h - w_star)
           + mu ^ 2 * sigma2 * (q_max - q h) * (q_max + q h)).
Qed.
End Predictable.

(** ** The lower bound *)
Section LowerBound.
Context {V : Space} {P : Process} {F : Objective V} {c mu q sigma2 tau2 : R} {w_star : V}
        {w : History P -> V} {g : History P -> Sample P -> V}
        {eps : History P -> Sample P -> Noise P -> V}.

Theorem quadratic_lower_bound
    (quadratic : forall x, grad F x = (c * (x - w_star))%V)
    (update : update w (fun _ => q) g eps (fun _ => mu))
    (unbiased : unbiased F w g)
    (variance_is_sigma2 : always h, E_past h (fun xi _ => norm2 (g h xi - grad F (w h))) = sigma2)
    (noise_unbiased : noise_unbiased eps)
    (noise_variance_is_tau2 : always h, E_past h (fun xi zeta => norm2 (eps h xi zeta)) = tau2)
    (c_positive : 0 < c)
    (q_positive : 0 < q)
    (stable : c * mu * q < 2) :
  forall K,
  let B_d := mu * (q * sigma2 + tau2 / q) / (c * (2 - c * mu * q)) in
  E_run K (fun h => norm2 (w h - w_star))
  = B_d + ((1 - c * mu * q) ^ 2) ^ K * (norm2 (w start - w_star) - B_d).
Proof.
  intros K B_d. rewrite <- prod_const.
  apply (recursion_is_mean (X := fun h => norm2 (w h - w_star)) (fun k => (1 - c * mu * q) ^ 2)
           (fun k => (mu * q) ^ 2 * sigma2 + mu ^ 2 * tau2)
           (fun k => B_d + prod k (fun _ => (1 - c * mu * q) ^ 2) * (norm2 (w start - w_star) - B_d))).
  - intros h R. rewrite (distance_of_step update unbiased noise_unbiased w_star h R).
    rewrite variance_is_sigma2, noise_variance_is_tau2, quadratic by auto. expand. ring.
  - rewrite prod_0. ring.
  - intros k. rewrite prod_S. set (p := prod k _). unfold B_d. field. lra.
Qed.
End LowerBound.
