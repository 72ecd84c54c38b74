(** * Sharp values for strongly convex objectives: T3s, T3ps

    F is c-strongly convex with L-Lipschitz gradient, 0 < c <= L, and stationary at w_star, where
    its value is F_star; mu q_max <= 2/(L+c).  A gradient step x+ = x - a grad F(x) gives

      F(x+) - F_star <= (1 - c a)^2 (F(x) - F_star)    for 0 <= a <= 2/(L+c),

    by three interpolation inequalities (F5) and two squares.  Hence

      T3s   scheduled q_k:
              E F(w_K) - F_star <= B_s + prod_{k<K} (1 - c mu q_k)^2 (gap - B_s),
              B_s = max over the two ends of L mu (q sigma2 + tau2/q) / (2 c (2 - c mu q))
      T3ps  predictable q_k:  E F(w_K) - F_star <= B + rho^K (gap - B),
              rho = (1 - c mu q_min)^2,  B = L mu^2 (q_max^2 sigma2 + tau2) / (2 (1 - rho)) *)

From Coq Require Import Reals Lra.
From Shrinkproof Require Import Sums Vectors Probability Process Combine Smooth Foundations Sgd
  OneStep WorstCase Floors Drift Distance.
Open Scope R_scope.

Section GradientStep.
Context {V : Space} {F : Objective V} {L c F_star : R} {w_star : V}.

Theorem gradient_step_decreases
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (strong_convexity : strongly_convex F c)
    (c_positive : 0 < c)
    (c_at_most_L : c <= L)
    (attained : F_star = F w_star)
    (stationary : grad F w_star = 0%V) x a :
  0 <= a <= 2 / (L + c) ->
  F (x - a * grad F x)%V - F_star <= (1 - c * a) ^ 2 * (F x - F_star).
Proof.
  intros [a0 a1]. set (y := (x - a * grad F x)%V).
  assert (r0 : 0 <= 1 - c * a).
  { assert (C := contraction_at_most_1 L c a ltac:(lra) a1). lra. }
  destruct (Rle_lt_or_eq_dec _ _ c_at_most_L) as [c_below_L | c_is_L].
  - assert (I := interpolation L_positive smoothness strong_convexity c_below_L).
    assert (Ixy := I x y). assert (Isy := I w_star y). assert (Isx := I w_star x).
    rewrite stationary in Isy, Isx. clear I.
    assert (y = x - a * grad F x)%V as Y by reflexivity. clearbody y.
    set (Fy := F y) in *. set (p := grad F y) in *. clearbody Fy p.
    set (r := 1 - c * a) in *.
    assert (s0 : 0 <= (2 - a * (L + c)) / (2 * (L - c) * (2 - a * c))).
    { apply quotient_nonneg.
      - combine ((L + c) * (2 / (L + c) - a)).
      - assert (0 < 2 - a * c) by (unfold r in r0; lra). positive. }
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
       + r * (1 - r) * (F w_star - (F x + inner (grad F x) (w_star - x) + norm2 (0 - grad F x) / (2 * L)
              + c * L / (2 * (L - c)) * norm2 (w_star - x - (0 - grad F x) / L)))
       + A * norm2 (x - w_star - (/ (c * (2 - a * c))) * (grad F x + p))
       + s * norm2 (p - r * grad F x))).
    + rewrite attained, Y. unfold s, A, r. expand. field. lra.
    + assert (0 <= c * a) by nonneg. assert (0 <= 1 - r) by (unfold r; lra). nonneg.
  - assert (D := gradient_step_contracts L_positive smoothness strong_convexity c_positive
                   c_at_most_L stationary x a ltac:(lra)). fold y in D.
    assert (U := descent_lemma L_positive smoothness w_star y).
    assert (S := strong_convexity w_star x). rewrite stationary in U, S.
    rewrite attained. rewrite c_is_L in *.
    combine ((F w_star + inner 0%V (y - w_star) + L / 2 * norm2 (y - w_star) - F y)
             + L / 2 * ((1 - L * a) ^ 2 * norm2 (x - w_star) - norm2 (y - w_star))
             + (1 - L * a) ^ 2 * (F x - (F w_star + inner 0%V (x - w_star) + L / 2 * norm2 (x - w_star)))).
Qed.
End GradientStep.

Section Scheduled.
Context {V : Space} {P : Process} {F : Objective V} {L c mu q_min q_max sigma2 tau2 F_star : R}
        {w_star : V} {q : nat -> R} {w : History P -> V} {g : History P -> Sample P -> V}
        {eps : History P -> Sample P -> Noise P -> V}.

Theorem values_scheduled
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (strong_convexity : strongly_convex F c)
    (c_positive : 0 < c)
    (c_at_most_L : c <= L)
    (attained : F_star = F w_star)
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
  let B_s := Rmax (L * mu * (q_min * sigma2 + tau2 / q_min) / (2 * c * (2 - c * mu * q_min)))
                  (L * mu * (q_max * sigma2 + tau2 / q_max) / (2 * c * (2 - c * mu * q_max))) in
  E_run K (fun h => F (w h)) - F_star
  <= B_s + prod K (fun k => (1 - c * mu * q k) ^ 2) * (F (w start) - F_star - B_s).
Proof.
  intros K B_s.
  assert (at_min := Rmax_l (L * mu * (q_min * sigma2 + tau2 / q_min) / (2 * c * (2 - c * mu * q_min)))
                           (L * mu * (q_max * sigma2 + tau2 / q_max) / (2 * c * (2 - c * mu * q_max)))).
  assert (at_max := Rmax_r (L * mu * (q_min * sigma2 + tau2 / q_min) / (2 * c * (2 - c * mu * q_min)))
                           (L * mu * (q_max * sigma2 + tau2 / q_max) / (2 * c * (2 - c * mu * q_max)))).
  fold B_s in at_min, at_max.
  assert (range : 0 < q_min <= q_max) by (specialize (q_lower O); specialize (q_upper O); lra).
  assert (S := variance_nonneg variance). assert (T := noise_variance_nonneg noise_variance).
  assert (stable : c * mu * q_max <= 1).
  { rewrite Rmult_assoc. apply (contraction_at_most_1 L); [lra | exact stepsize_bound]. }
  assert (stable' : c * mu * q_min <= 1).
  { eapply Rle_trans; [| exact stable]. apply Rmult_le_compat_l; [nonneg | lra]. }
  assert (d : 0 < 2 - c * mu * q_min) by lra. assert (d' : 0 < 2 - c * mu * q_max) by lra.
  assert (at_min' : distance_floor c mu sigma2 tau2 q_min <= 2 / L * B_s).
  { unfold distance_floor. combine (2 / L * (B_s
      - L * mu * (q_min * sigma2 + tau2 / q_min) / (2 * c * (2 - c * mu * q_min)))). }
  assert (at_max' : distance_floor c mu sigma2 tau2 q_max <= 2 / L * B_s).
  { unfold distance_floor. combine (2 / L * (B_s
      - L * mu * (q_max * sigma2 + tau2 / q_max) / (2 * c * (2 - c * mu * q_max)))). }
  assert (B0 : 0 <= 2 / L * B_s).
  { eapply Rle_trans; [| apply at_max']. apply distance_floor_nonneg; lra. }
  clearbody B_s.
  assert (D : E_run K (fun h => F (w h)) <= F_star + B_s
              + prod K (fun k => (1 - c * mu * q k) ^ 2) * (F (w start) - (F_star + B_s))); [| lra].
  apply (contraction_bounds_mean (X := fun h => F (w h)) (fun k => (1 - c * mu * q k) ^ 2)).
  { intros. apply pow2_ge_0. }
  intros h R. specialize (q_lower (time h)). specialize (q_upper (time h)).
  assert (N := noise_decouples L_positive smoothness update unbiased variance noise_unbiased
                 noise_variance h R). cbn beta in N.
  assert (a : 0 <= mu * q (time h) <= 2 / (L + c)).
  { split; [nonneg|]. eapply Rle_trans; [| apply stepsize_bound]. apply Rmult_le_compat_l; lra. }
  assert (G := gradient_step_decreases L_positive smoothness strong_convexity c_positive c_at_most_L
                 attained stationary (w h) (mu * q (time h)) a).
  assert (B := noise_fits_under_the_floor (sigma2 := sigma2) (tau2 := tau2) (2 / L * B_s) (q (time h))
                 c_positive mu_positive range ltac:(lra) S B0 at_min' at_max' ltac:(lra)).
  set (F' := E_past h _) in *. set (Fy := F (_ - _)%V) in *. set (r := q (time h)) in *.
  combine ((Fy + L / 2 * ((mu * r) ^ 2 * sigma2 + mu ^ 2 * tau2) - F')
           + ((1 - c * (mu * r)) ^ 2 * (F (w h) - F_star) - (Fy - F_star))
           + L / 2 * ((1 - (1 - c * mu * r) ^ 2) * (2 / L * B_s)
                      - ((mu * r) ^ 2 * sigma2 + mu ^ 2 * tau2))).
Qed.
End Scheduled.

Section Predictable.
Context {V : Space} {P : Process} {F : Objective V} {L c mu q_min q_max sigma2 tau2 F_star : R}
        {w_star : V} {w : History P -> V} {q : History P -> R} {g : History P -> Sample P -> V}
        {eps : History P -> Sample P -> Noise P -> V}.

Theorem values_predictable
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (strong_convexity : strongly_convex F c)
    (c_positive : 0 < c)
    (c_at_most_L : c <= L)
    (attained : F_star = F w_star)
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
  let B := L * mu ^ 2 * (q_max ^ 2 * sigma2 + tau2) / (2 * (1 - rho)) in
  E_run K (fun h => F (w h)) - F_star <= B + rho ^ K * (F (w start) - F_star - B).
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
  assert (D : E_run K (fun h => F (w h)) <= F_star + B
              + prod K (fun _ => rho) * (F (w start) - (F_star + B))); [| lra].
  apply (contraction_bounds_mean (X := fun h => F (w h)) (fun _ => rho)).
  { intros. apply pow2_ge_0. }
  intros h R. specialize (q_lower h R). specialize (q_upper h R).
  assert (N := noise_decouples L_positive smoothness update unbiased variance noise_unbiased
                 noise_variance h R). cbn beta in N.
  assert (a : 0 <= mu * q h <= 2 / (L + c)).
  { split; [nonneg|]. eapply Rle_trans; [| apply stepsize_bound]. apply Rmult_le_compat_l; lra. }
  assert (G := gradient_step_decreases L_positive smoothness strong_convexity c_positive c_at_most_L
                 attained stationary (w h) (mu * q h) a).
  assert (Dq : (1 - c * mu * q h) ^ 2 <= rho).
  { apply square_decreasing. split; [apply Rmult_le_compat_l; lra|].
    apply Rle_trans with (c * mu * q_max); [apply Rmult_le_compat_l; lra | exact stable]. }
  assert (gap : 0 <= F (w h) - F_star).
  { assert (C := strong_convexity w_star (w h)). rewrite stationary in C. rewrite attained.
    combine ((F (w h) - (F w_star + inner 0%V (w h - w_star) + c / 2 * norm2 (w h - w_star)))
             + c / 2 * norm2 (w h - w_star)). }
  assert (lo0 : 0 < q h) by lra. unfold B.
  set (F' := E_past h _) in *. set (Fy := F (_ - _)%V) in *.
  combine ((Fy + L / 2 * ((mu * q h) ^ 2 * sigma2 + mu ^ 2 * tau2) - F')
           + ((1 - c * (mu * q h)) ^ 2 * (F (w h) - F_star) - (Fy - F_star))
           + (rho - (1 - c * mu * q h) ^ 2) * (F (w h) - F_star)
           + L / 2 * mu ^ 2 * sigma2 * (q_max - q h) * (q_max + q h)).
Qed.
End Predictable.
