(** * Sharp values for strongly convex objectives: T3s, T3ps

    F is c-strongly convex with L-Lipschitz gradient and stationary at w_star, where its value is
    F_star; 0 < q_min <= q_k <= q_max, mu q_max (L + c) <= 2; gap = F(w_0) - F_star.

      T3s   scheduled q_k:
              E F(w_K) - F_star <= B_s + prod_{k<K} (1 - c mu q_k)^2 (gap - B_s),
              B_s = (L/2) B_d, with B_d the floor of T3e
      T3ps  predictable q_k, c <= L:
              E F(w_K) - F_star <= B_ps + ((1 - c mu q_min)^2)^K (gap - B_ps),
              B_ps = (L/2) mu (q_max^2 sigma2 + tau2) / (c q_min (2 - c mu q_min))

    Half the textbook floor, at twice its rate. *)

From Coq Require Import Reals Lra.
From Shrinkproof Require Import Sums Vectors Probability Process Combine Smooth Sgd OneStep WorstCase
  Floors Drift Distance.
Open Scope R_scope.

Section Scheduled.
Context {V : Space} {P : Process} {F : Objective V} {L c mu q_min q_max sigma2 tau2 F_star : R}
        {w_star : V} {q : nat -> R} {w : History P -> V} {g : History P -> Sample P -> V}
        {eps : History P -> Sample P -> Noise P -> V} {K : nat}.

Theorem values_scheduled
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
    (stepsize_contracts : mu * q_max * (L + c) <= 2)
    (attained : F_star = F w_star) :
  let B_d := Rmax (mu * (q_min * sigma2 + tau2 / q_min) / (c * (2 - c * mu * q_min)))
                  (mu * (q_max * sigma2 + tau2 / q_max) / (c * (2 - c * mu * q_max))) in
  let B_s := L / 2 * B_d in
  E_run K (fun h => F (w h)) - F_star
  <= B_s + prod K (fun k => (1 - c * mu * q k) ^ 2) * (F (w start) - F_star - B_s).
Proof.
  cbv zeta. fold (worse_floor c mu q_min q_max sigma2 tau2).
  assert (N := fun r Hr => noise_fits_under_worse_floor (L := L) (q_min := q_min) (q_max := q_max) r
    L_positive c_positive variance noise_variance mu_positive q_min_positive Hr stepsize_contracts).
  set (B := worse_floor _ _ _ _ _ _) in *.
  assert (range : forall k, 0 < q k <= q_max)
    by (intros k; specialize (q_lower k); specialize (q_upper k); lra).
  assert (D : E_run K (fun h => F (w h)) <= F_star + L / 2 * B
              + prod K (fun k => (1 - c * mu * q k) ^ 2) * (F (w start) - (F_star + L / 2 * B)));
                  [| lra].
  apply (contraction_bounds_mean (X := fun h => F (w h)) (fun k => (1 - c * mu * q k) ^ 2)).
  { intros. apply pow2_ge_0. }
  intros h R.
  assert (O := one_step_values (q := fun h => q (time h)) L_positive smoothness strong_convexity
    stationary update unbiased variance noise_unbiased noise_variance
    (fun h _ => Rlt_le _ _ (alpha_positive mu_positive (range (time h))))
    (fun h _ => alpha_is_small L_positive c_positive mu_positive
      (range (time h)) stepsize_contracts)
    c_positive attained h R).
  cbv beta in O. specialize (N (q (time h)) (conj (q_lower (time h)) (q_upper (time h)))).
  apply (Rmult_le_compat_l (L / 2)) in N; lra.
Qed.
End Scheduled.

Section Predictable.
Context {V : Space} {P : Process} {F : Objective V} {L c mu q_min q_max sigma2 tau2 F_star : R}
        {w_star : V} {w : History P -> V} {q : History P -> R} {g : History P -> Sample P -> V}
        {eps : History P -> Sample P -> Noise P -> V} {K : nat}.

Theorem values_predictable
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
    (attained : F_star = F w_star)
    (c_at_most_L : c <= L) :
  let B_ps := L / 2 * mu * (q_max ^ 2 * sigma2 + tau2) / (c * q_min * (2 - c * mu * q_min)) in
  E_run K (fun h => F (w h)) - F_star
  <= B_ps + ((1 - c * mu * q_min) ^ 2) ^ K * (F (w start) - F_star - B_ps).
Proof.
  intros B. rewrite <- prod_const. assert (S := variance_nonneg variance).
  assert (range : always h, 0 < q h <= q_max).
  { intros h R. specialize (q_lower h R). specialize (q_upper h R). lra. }
  assert (ends := range_is_proper q_min_positive q_lower q_upper).
  assert (st := stable L_positive c_positive mu_positive ends stepsize_contracts).
  assert (D : E_run K (fun h => F (w h)) <= F_star + B
              + prod K (fun _ => (1 - c * mu * q_min) ^ 2) * (F (w start) - (F_star + B))); [| lra].
  apply (contraction_bounds_mean (X := fun h => F (w h)) (fun _ => (1 - c * mu * q_min) ^ 2)).
  { intros. apply pow2_ge_0. }
  intros h R.
  assert (O := one_step_values L_positive smoothness strong_convexity
    stationary update unbiased variance noise_unbiased noise_variance
    (fun h R => Rlt_le _ _ (alpha_positive mu_positive (range h R)))
    (fun h R => alpha_is_small L_positive c_positive mu_positive (range h R) stepsize_contracts)
    c_positive attained h R).
  cbv beta in O. specialize (q_lower h R). specialize (q_upper h R). specialize (range h R).
  assert (C := worst_contraction L c mu q_min q_max
    (q h) L_positive c_positive c_at_most_L mu_positive
                 (conj q_min_positive q_lower) q_upper stepsize_contracts).
  assert (gap : 0 <= F (w h) - F_star).
  { assert (M := strong_convexity w_star (w h)). rewrite stationary in M. rewrite attained.
    combine ((F (w h) - (F w_star + inner 0%V (w h - w_star) + c / 2 * norm2 (w h - w_star)))
             + c / 2 * norm2 (w h - w_star)). }
  unfold B. set (F' := E_past h _) in *.
  combine (((1 - c * mu * q h) ^ 2 * (F (w h) - F_star)
              + L / 2 * ((mu * q h) ^ 2 * sigma2 + mu ^ 2 * tau2) - (F' - F_star))
           + ((1 - c * mu * q_min) ^ 2 - (1 - c * mu * q h) ^ 2) * (F (w h) - F_star)
           + L / 2 * mu ^ 2 * sigma2 * (q_max - q h) * (q_max + q h)).
Qed.
End Predictable.
