(** * Convex objectives: T5 and T5p

    F is convex with L-Lipschitz gradient and stationary at w_star, F_star = F(w_star);
    0 <= alpha_k = mu_k q_k <= 1/L; D2 = |w_0 - w_star|^2.

      T5p  predictable q_k:
             sum_{k<K} E[alpha_k (F(w_k) - F_star)]
               <= (D2 + sum_{k<K} (E[alpha_k^2] sigma2 + mu_k^2 tau2)) / 2
      T5   scheduled q_k, wbar_K = s_K / sum_{k<K} alpha_k, s_K = sum_{k<K} alpha_k w_k:
             E F(wbar_K) - F_star
               <= (D2 + sum_{k<K} (alpha_k^2 sigma2 + mu_k^2 tau2)) / (2 sum_{k<K} alpha_k) *)

From Coq Require Import Reals Lra List.
From Shrinkproof Require Import Sums Vectors Probability Process Combine Smooth Foundations Sgd
  OneStep Drift.
Open Scope R_scope.

Section WeightedSum.
Context {V : Space} {P : Process} {F : Objective V} {L sigma2 tau2 F_star : R} {w_star : V}
        {mu : nat -> R} {w : History P -> V} {q : History P -> R} {g : History P -> Sample P -> V}
        {eps : History P -> Sample P -> Noise P -> V}.

Lemma one_step_convex
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (convexity : convex F)
    (attained : F_star = F w_star)
    (stationary : grad F w_star = 0%V)
    (update : update w q g eps mu)
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (noise_unbiased : noise_unbiased eps)
    (noise_variance : noise_variance eps tau2)
    (alpha_nonnegative : always h, 0 <= mu (time h) * q h)
    (alpha_small : always h, mu (time h) * q h <= 1 / L) :
  always h,
    E_past h (fun xi zeta => norm2 (w (after h xi zeta) - w_star))
    <= norm2 (w h - w_star) - 2 * (mu (time h) * q h * (F (w h) - F_star))
       + ((mu (time h) * q h) ^ 2 * sigma2 + mu (time h) ^ 2 * tau2).
Proof.
  intros h R. rewrite (distance_of_step update unbiased noise_unbiased w_star h R).
  rewrite <- (variance_of_step update unbiased noise_unbiased h R).
  apply Rplus_le_compat; [| exact (variance_of_step_at_most update unbiased variance noise_unbiased
    noise_variance h R)].
  assert (C := convex_smooth L_positive smoothness convexity attained stationary (w h)).
  assert (a0 := alpha_nonnegative h R). assert (a1 := alpha_small h R).
  set (a := mu (time h) * q h) in *.
  combine (2 * a * (inner (grad F (w h)) (w h - w_star)
                    - (F (w h) - F_star + norm2 (grad F (w h)) / (2 * L)))
           + a * (1 / L - a) * norm2 (grad F (w h))).
Qed.

Theorem convex_weighted_sum {K : nat}
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (convexity : convex F)
    (attained : F_star = F w_star)
    (stationary : grad F w_star = 0%V)
    (update : update w q g eps mu)
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (noise_unbiased : noise_unbiased eps)
    (noise_variance : noise_variance eps tau2)
    (alpha_nonnegative : always h, 0 <= mu (time h) * q h)
    (alpha_small : always h, mu (time h) * q h <= 1 / L) :
  sum K (fun k => E_run k (fun h => mu k * q h * (F (w h) - F_star)))
  <= (norm2 (w start - w_star)
      + sum K (fun k => E_run k (fun h => (mu k * q h) ^ 2) * sigma2 + mu k ^ 2 * tau2)) / 2.
Proof.
  assert (D := drift_bounds_sum (X := fun h => norm2 (w h - w_star))
    (D := fun h => 2 * (mu (time h) * q h * (F (w h) - F_star)))
    (B := fun h => (mu (time h) * q h) ^ 2 * sigma2 + mu (time h) ^ 2 * tau2)
    (one_step_convex L_positive smoothness convexity attained stationary update unbiased variance
       noise_unbiased noise_variance alpha_nonnegative alpha_small) K).
  assert (N : 0 <= E_run K (fun h => norm2 (w h - w_star))).
  { apply E_run_nonneg. intros. apply norm2_nonneg. }
  rewrite (sum_ext K (fun k => E_run k (fun h => 2 * _))
             (fun k => 2 * E_run k (fun h => mu k * q h * (F (w h) - F_star)))) in D.
  2: { intros k _. rewrite E_run_scale. f_equal. apply E_run_equal. now intros h _ <-. }
  rewrite (sum_ext K (fun k => E_run k (fun h => _ + _))
             (fun k => E_run k (fun h => (mu k * q h) ^ 2) * sigma2 + mu k ^ 2 * tau2)) in D.
  2: { intros k _.
       rewrite (Rmult_comm _ sigma2), <- E_run_scale, <- (E_run_const (P := P) k (mu k ^ 2 * tau2)).
       rewrite <- E_run_add. apply E_run_equal. intros h _ <-. ring. }
  rewrite sum_scale in D. lra.
Qed.
End WeightedSum.

(** ** The average, for a schedule *)
Section Average.
Context {V : Space} {P : Process} {F : Objective V} {L sigma2 tau2 F_star : R} {w_star : V}
        {mu q : nat -> R} {w s : History P -> V} {g : History P -> Sample P -> V}
        {eps : History P -> Sample P -> Noise P -> V} {K : nat}.

(** The weights from step 0 on, along a history. *)
Fixpoint weighted_along (a : nat -> R) (f : History P -> R) (h : History P) : R :=
  match h with
  | nil => 0
  | (_, _) :: past => weighted_along a f past + a (time past) * f past
  end.

Lemma E_weighted_along a f n :
  E_run n (weighted_along a f) = sum n (fun k => a k * E_run k f).
Proof.
  induction n as [| n IH]; [apply E_run_0|]. rewrite E_run_S, sum_S, <- IH, <- E_run_scale, <-
    E_run_add.
  apply E_run_equal. intros h _ <-. cbn. apply E_past_const.
Qed.

Lemma weighted_along_linear a f f' b h :
  weighted_along a (fun h => b * f h + f' h) h = b * weighted_along a f h + weighted_along a f' h.
Proof. induction h as [| [xi zeta] h IH]; cbn; [ring|]. rewrite IH. ring. Qed.

Lemma weighted_along_const a b h : weighted_along a (fun _ => b) h = b * sum (time h) a.
Proof. induction h as [| [xi zeta] h IH]; cbn; [ring|]. rewrite IH. unfold time. ring. Qed.

Lemma weighted_along_le a f f' :
  (forall k, 0 <= a k) -> (forall h, f h <= f' h) ->
  forall h, weighted_along a f h <= weighted_along a f' h.
Proof.
  intros A H h. induction h as [| [xi zeta] h IH]; cbn; [lra|].
  assert (M := Rmult_le_compat_l _ _ _ (A (time h)) (H h)). lra.
Qed.

Section Jensen.
Hypothesis s_start : s start = 0%V.
Hypothesis s_step : always h xi zeta, s (after h xi zeta) = (s h + (mu (time h) * q (time h)) * w h)%V.

Lemma inner_of_weighted_sum v :
  always h, inner v (s h) = weighted_along (fun k => mu k * q k) (fun h => inner v (w h)) h.
Proof.
  intros h. induction h as [| [xi zeta] h IH]; intros R.
  - change (inner v (s start) = 0). rewrite s_start. apply inner_zero_r.
  - destruct R as (R & Rxi & Rzeta). change ((xi, zeta) :: h) with (after h xi zeta) at 1.
    rewrite s_step by auto. cbn. rewrite inner_add_r, inner_scale_r, IH by auto. reflexivity.
Qed.

(** The gradient inequality at the average, averaged. *)
Lemma value_of_average (convexity : convex F)
    (alpha_nonnegative : forall k, 0 <= mu k * q k) h :
  reachable h -> 0 < sum (time h) (fun k => mu k * q k) ->
  sum (time h) (fun k => mu k * q k) * F (s h / sum (time h) (fun k => mu k * q k))%V
  <= weighted_along (fun k => mu k * q k) (fun h => F (w h)) h.
Proof.
  intros R A0. set (a := fun k => mu k * q k) in *. set (A := sum (time h) a) in *.
  set (z := (s h / A)%V).
  assert (H : weighted_along a (fun h => 1 * inner (grad F z) (w h) + (F z - inner (grad F z) z)) h
              <= weighted_along a (fun h => F (w h)) h).
  { apply weighted_along_le; [exact alpha_nonnegative|]. intros h'.
    assert (C := convexity z (w h')). rewrite inner_sub_r in C. lra. }
  rewrite weighted_along_linear, weighted_along_const, <- inner_of_weighted_sum in H by exact R.
  fold A in H. assert (Z : inner (grad F z) (s h) = A * inner (grad F z) z).
  { unfold z at 3. rewrite inner_scale_r. field. lra. }
  rewrite Z in H. lra.
Qed.
End Jensen.

Theorem convex_average
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (convexity : convex F)
    (attained : F_star = F w_star)
    (stationary : grad F w_star = 0%V)
    (update : update w (fun h => q (time h)) g eps mu)
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (noise_unbiased : noise_unbiased eps)
    (noise_variance : noise_variance eps tau2)
    (alpha_nonnegative : forall k, 0 <= mu k * q k)
    (alpha_small : forall k, mu k * q k <= 1 / L)
    (s_start : s start = 0%V)
    (s_step : always h xi zeta, s (after h xi zeta) = (s h + (mu (time h) * q (time h)) * w h)%V)
    (weights_positive : 0 < sum K (fun k => mu k * q k)) :
  E_run K (fun h => F (s h / sum K (fun k => mu k * q k))%V) - F_star
  <= (norm2 (w start - w_star) + sum K (fun k => (mu k * q k) ^ 2 * sigma2 + mu k ^ 2 * tau2))
     / (2 * sum K (fun k => mu k * q k)).
Proof.
  assert (T := convex_weighted_sum (q := fun h => q
    (time h)) L_positive smoothness convexity attained
    stationary update unbiased variance noise_unbiased noise_variance
    (fun h _ => alpha_nonnegative (time h)) (fun h _ => alpha_small (time h)) (K := K)).
    cbn beta in T.
  rewrite (sum_ext K (fun k => E_run k (fun h => (mu k * q (time h)) ^ 2) * sigma2 + _)
             (fun k => (mu k * q k) ^ 2 * sigma2 + mu k ^ 2 * tau2)) in T.
  2: { intros k _. do 2 f_equal. rewrite <- (E_run_const (P := P) k).
       apply E_run_equal. now intros h _ <-. }
  rewrite (sum_ext K (fun k => E_run k (fun h => mu k * q (time h) * _))
             (fun k => mu k * q k * E_run k (fun h => F (w h) - F_star))) in T.
  2: { intros k _. rewrite <- E_run_scale. apply E_run_equal. now intros h _ <-. }
  rewrite <- (E_weighted_along (fun k => mu k * q k)) in T.
  set (A := sum K (fun k => mu k * q k)) in *.
  assert (J : A * E_run K (fun h => F (s h / A)%V) - A * F_star
              <= E_run K (weighted_along (fun k => mu k * q k) (fun h => F (w h) - F_star))).
  { rewrite <- E_run_scale, <- (E_run_const (P := P) K (A * F_star)), <- E_run_sub.
    apply E_run_monotone. intros h R Hh.
    assert (V0 := value_of_average s_start s_step convexity alpha_nonnegative h R).
    rewrite Hh in V0. fold A in V0. specialize (V0 weights_positive).
    assert (W := weighted_along_linear (fun k => mu k * q k) (fun h => F (w h))
      (fun _ => - F_star) 1 h).
    rewrite weighted_along_const, Hh in W. fold A in W.
    apply Rle_trans with (1 * weighted_along (fun k => mu k * q k) (fun h => F (w h)) h
      + - F_star * A);
      [lra|]. rewrite <- W. apply weighted_along_le; [exact alpha_nonnegative | intros; lra]. }
  set (X := E_run K (fun h => F (s h / A)%V)) in *. set (Y := E_run K (weighted_along _ _)) in *.
  set (N := sum K (fun k => _ + _)) in *.
  combine (1 / A * (Y - (A * X - A * F_star))
           + 1 / A * ((norm2 (w start - w_star) + N) / 2 - Y)).
Qed.
End Average.
