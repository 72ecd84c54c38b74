(** * One step of shrunken SGD: O1, O2, O3, O6, O7

    For F with L-Lipschitz gradient, alpha_k = mu_k q_k, q_k predictable, G_k = |grad F(w_k)|^2:

      O1  E[F(w_{k+1}) | past] <= F(w_k) - alpha_k (1 - L alpha_k/2) G_k
                                  + (L/2) (alpha_k^2 sigma2 + mu_k^2 tau2)
      O2  the same with alpha_k/2 for alpha_k (1 - L alpha_k/2), for 0 <= alpha_k <= 1/L
      O3  E[F(w_{k+1}) | past] <= F(w_k - alpha_k grad F(w_k))
                                  + (L/2) (alpha_k^2 sigma2 + mu_k^2 tau2)
    and for F also c-strongly convex, alpha_k >= 0, alpha_k (L+c) <= 2:

      O6  E[|w_{k+1} - w_star|^2 | past] <= (1 - c alpha_k)^2 |w_k - w_star|^2
                                            + alpha_k^2 sigma2 + mu_k^2 tau2
      O7  E[F(w_{k+1}) | past] - F_star <= (1 - c alpha_k)^2 (F(w_k) - F_star)
                                           + (L/2) (alpha_k^2 sigma2 + mu_k^2 tau2) *)

From Coq Require Import Reals Lra.
From Shrinkproof Require Import Vectors Probability Process Combine Smooth Foundations
  GradientStep Sgd.
Open Scope R_scope.

(** ** Any random step, with any mean *)
Section AnyStep.
Context {V : Space} {P : Process} {F : Objective V} {L : R}.

(** The descent lemma from x, in the mean. *)
Lemma descent_in_mean (L_positive : 0 < L) (smoothness : smooth F L)
    (h : History P) (X : Sample P -> Noise P -> V) x :
  E_past h (fun xi zeta => F (X xi zeta))
  <= F x + inner (grad F x) (M_past h X - x) + L / 2 * E_past h (fun xi zeta => norm2 (X xi zeta - x)).
Proof.
  rewrite inner_sub_r, inner_M_past_r, <- E_past_scale.
  rewrite <- (E_past_const h (F x)), <- (E_past_const h (inner (grad F x) x)) at 1.
  rewrite <- E_past_sub, <- !E_past_add. apply E_past_monotone. intros xi zeta _ _.
  assert (D := descent_lemma L_positive smoothness x (X xi zeta)).
  rewrite inner_sub_r in D. exact D.
Qed.

(** A noisy step costs at most (L/2) times its variance more than the step without its noise. *)
Lemma noise_costs_its_variance (L_positive : 0 < L) (smoothness : smooth F L)
    (h : History P) (X : Sample P -> Noise P -> V) :
  E_past h (fun xi zeta => F (X xi zeta))
  <= F (M_past h X) + L / 2 * E_past h (fun xi zeta => norm2 (X xi zeta - M_past h X)).
Proof.
  assert (D := descent_in_mean L_positive smoothness h X (M_past h X)).
  replace (inner (grad F (M_past h X)) (M_past h X - M_past h X)) with 0 in D by (expand; ring).
  lra.
Qed.
End AnyStep.

(** ** The step of shrunken SGD *)
Section OneStep.
Context {V : Space} {P : Process} {F : Objective V} {L c sigma2 tau2 F_star : R} {w_star : V}
        {mu : nat -> R} {w : History P -> V} {q : History P -> R} {g : History P -> Sample P -> V}
        {eps : History P -> Sample P -> Noise P -> V}.

Lemma mean_of_step (update : update w q g eps mu)
    (unbiased : unbiased F w g) (noise_unbiased : noise_unbiased eps) :
  always h, M_past h (fun xi zeta => w (after h xi zeta))
            = (w h - mu (time h) * q h * grad F (w h))%V.
Proof.
  intros h R.
  rewrite (M_past_equal h _ (fun xi zeta => w h + - mu (time h) *
    (q h * g h xi + eps h xi zeta))%V).
  2: intros; rewrite update by auto; vector_ring.
  rewrite M_past_add, M_past_const, M_past_scale, (mean_of_shrunken unbiased noise_unbiased h R)
    by auto. vector_ring.
Qed.

(** The variance of the step, exactly. *)
Lemma variance_of_step (update : update w q g eps mu)
    (unbiased : unbiased F w g) (noise_unbiased : noise_unbiased eps) :
  always h,
    E_past h (fun xi zeta => norm2 (w (after h xi zeta) - (w h - mu (time h) * q h * grad F (w h))))
    = (mu (time h) * q h) ^ 2 * E_past h (fun xi _ => norm2 (g h xi - grad F (w h)))
      + mu (time h) ^ 2 * E_past h (fun xi zeta => norm2 (eps h xi zeta)).
Proof.
  intros h R.
  rewrite (E_past_equal h _ (fun xi zeta => mu (time h) ^ 2 *
             norm2 (q h * g h xi + eps h xi zeta - q h * grad F (w h)))).
  2: intros; rewrite update by auto; expand; ring.
  rewrite E_past_scale, (variance_of_shrunken unbiased noise_unbiased h R). ring.
Qed.

Lemma variance_of_step_at_most
    (update : update w q g eps mu)
    (unbiased : unbiased F w g) (variance : variance F w g sigma2)
    (noise_unbiased : noise_unbiased eps) (noise_variance : noise_variance eps tau2) :
  always h,
    E_past h (fun xi zeta => norm2 (w (after h xi zeta) - (w h - mu (time h) * q h * grad F (w h))))
    <= (mu (time h) * q h) ^ 2 * sigma2 + mu (time h) ^ 2 * tau2.
Proof.
  intros h R. rewrite variance_of_step by auto.
  apply Rplus_le_compat; (apply Rmult_le_compat_l; [apply pow2_ge_0 | auto]).
Qed.

Theorem noise_decouples
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : update w q g eps mu)
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (noise_unbiased : noise_unbiased eps)
    (noise_variance : noise_variance eps tau2) :
  always h,
    E_past h (fun xi zeta => F (w (after h xi zeta)))
    <= F (w h - mu (time h) * q h * grad F (w h))%V
       + L / 2 * ((mu (time h) * q h) ^ 2 * sigma2 + mu (time h) ^ 2 * tau2).
Proof.
  intros h R.
  assert (D := noise_costs_its_variance L_positive smoothness h
                 (fun xi zeta => w (after h xi zeta))).
  rewrite mean_of_step in D by auto.
  assert (B := variance_of_step_at_most update unbiased variance noise_unbiased noise_variance h R).
  eapply Rle_trans; [apply D|]. apply Rplus_le_compat_l, Rmult_le_compat_l; [lra | exact B].
Qed.

Theorem one_step
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : update w q g eps mu)
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (noise_unbiased : noise_unbiased eps)
    (noise_variance : noise_variance eps tau2) :
  always h,
    E_past h (fun xi zeta => F (w (after h xi zeta)))
    <= F (w h)
       - mu (time h) * q h * (1 - L * mu (time h) * q h / 2) * norm2 (grad F (w h))
       + L / 2 * ((mu (time h) * q h) ^ 2 * sigma2 + mu (time h) ^ 2 * tau2).
Proof.
  intros h R.
  assert (N := noise_decouples L_positive smoothness update unbiased variance noise_unbiased
    noise_variance h R).
  eapply Rle_trans; [apply N|]. apply Rplus_le_compat_r.
  set (y := (w h - mu (time h) * q h * grad F (w h))%V).
  assert (D := descent_lemma L_positive smoothness (w h) y).
  replace (y - w h)%V with (- (mu (time h) * q h) * grad F (w h))%V in D
    by (unfold y; vector_ring).
  combine (F (w h) + inner (grad F (w h)) (- (mu (time h) * q h) * grad F (w h))
           + L / 2 * norm2 (- (mu (time h) * q h) * grad F (w h)) - F y).
Qed.

Theorem one_step_small_stepsize
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : update w q g eps mu)
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (noise_unbiased : noise_unbiased eps)
    (noise_variance : noise_variance eps tau2)
    (alpha_nonnegative : always h, 0 <= mu (time h) * q h)
    (alpha_small : always h, mu (time h) * q h <= 1 / L) :
  always h,
    E_past h (fun xi zeta => F (w (after h xi zeta)))
    <= F (w h) - mu (time h) * q h / 2 * norm2 (grad F (w h))
       + L / 2 * ((mu (time h) * q h) ^ 2 * sigma2 + mu (time h) ^ 2 * tau2).
Proof.
  intros h R.
  assert (O := one_step L_positive smoothness update unbiased variance noise_unbiased noise_variance
    h R).
  assert (A := alpha_nonnegative h R). assert (S := alpha_small h R).
  eapply Rle_trans; [apply O|]. set (m := mu (time h)) in *.
  combine (L / 2 * (m * q h) * (1 / L - m * q h) * norm2 (grad F (w h))).
Qed.

(** ** Distances *)

Lemma distance_of_step (update : update w q g eps mu)
    (unbiased : unbiased F w g) (noise_unbiased : noise_unbiased eps) z :
  always h,
    E_past h (fun xi zeta => norm2 (w (after h xi zeta) - z))
    = norm2 (w h - mu (time h) * q h * grad F (w h) - z)
      + ((mu (time h) * q h) ^ 2 * E_past h (fun xi _ => norm2 (g h xi - grad F (w h)))
         + mu (time h) ^ 2 * E_past h (fun xi zeta => norm2 (eps h xi zeta))).
Proof.
  intros h R. rewrite <- (variance_of_step update unbiased noise_unbiased h R).
  rewrite (bias_variance_past h (fun xi zeta => w (after h xi zeta)) z).
  now rewrite mean_of_step.
Qed.

Theorem one_step_distance
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (strong_convexity : strongly_convex F c)
    (stationary : grad F w_star = 0%V)
    (update : update w q g eps mu)
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (noise_unbiased : noise_unbiased eps)
    (noise_variance : noise_variance eps tau2)
    (alpha_nonnegative : always h, 0 <= mu (time h) * q h)
    (alpha_contracts : always h, mu (time h) * q h * (L + c) <= 2) :
  always h,
    E_past h (fun xi zeta => norm2 (w (after h xi zeta) - w_star))
    <= (1 - c * mu (time h) * q h) ^ 2 * norm2 (w h - w_star)
       + (mu (time h) * q h) ^ 2 * sigma2 + mu (time h) ^ 2 * tau2.
Proof.
  intros h R. rewrite (distance_of_step update unbiased noise_unbiased w_star h R).
  rewrite <- (variance_of_step update unbiased noise_unbiased h R), Rplus_assoc.
  apply Rplus_le_compat;
    [| exact (variance_of_step_at_most update unbiased variance noise_unbiased noise_variance h R)].
  rewrite (Rmult_assoc c). exact (gradient_step_contracts L_positive smoothness strong_convexity
    stationary
    (alpha_nonnegative h R) (alpha_contracts h R) (w h)).
Qed.

Theorem one_step_values
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (strong_convexity : strongly_convex F c)
    (stationary : grad F w_star = 0%V)
    (update : update w q g eps mu)
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (noise_unbiased : noise_unbiased eps)
    (noise_variance : noise_variance eps tau2)
    (alpha_nonnegative : always h, 0 <= mu (time h) * q h)
    (alpha_contracts : always h, mu (time h) * q h * (L + c) <= 2)
    (c_positive : 0 < c)
    (attained : F_star = F w_star) :
  always h,
    E_past h (fun xi zeta => F (w (after h xi zeta))) - F_star
    <= (1 - c * mu (time h) * q h) ^ 2 * (F (w h) - F_star)
       + L / 2 * ((mu (time h) * q h) ^ 2 * sigma2 + mu (time h) ^ 2 * tau2).
Proof.
  intros h R.
  assert (N := noise_decouples L_positive smoothness update unbiased variance noise_unbiased
                 noise_variance h R).
  assert (G := gradient_step_decreases L_positive c_positive smoothness strong_convexity attained
    stationary (alpha_nonnegative h R) (alpha_contracts h R) (w h)).
  rewrite <- Rmult_assoc in G. lra.
Qed.

End OneStep.
