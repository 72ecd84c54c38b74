(** * SGD with shrunken, perturbed gradients: the model, S1, S2 and F6

        w_{k+1} = w_k - mu_k (q_k g_k + eps_k)

    The stochastic gradient g_k is known with the sample of step k, the quantization noise eps_k
    after the step, the shrinkage factor q_k from the past (predictable).  A scheduled q_k is the
    case where q depends on the time alone: [fun h => q (time h)].

      S1  shrunken SGD with stepsizes mu_k is SGD with stepsizes mu_k q_k, path by path,
          whatever q_k depends on
      S2  E[q g + eps | past] = q grad,  E[|q g + eps|^2 | past] <= q^2 (|grad|^2 + sigma2) + tau2
      F6  bias-variance and Young *)

From Coq Require Import Reals Lra List.
From Shrinkproof Require Import Vectors Probability Process Smooth Combine.
Import ListNotations.
Open Scope R_scope.

(** ** The hypotheses *)
Section Hypotheses.
Context {V : Space} {P : Process}.
Variable F : Objective V.
Variables (w : History P -> V) (q : History P -> R) (g : History P -> Sample P -> V)
          (eps : History P -> Sample P -> Noise P -> V).

(** The iterates are those of SGD with shrunken, perturbed gradients. *)
Definition update (mu : nat -> R) : Prop :=
  always h xi zeta,
    w (after h xi zeta) = (w h - mu (time h) * (q h * g h xi + eps h xi zeta))%V.

(** The stochastic gradient is unbiased, given the past; its variance is at most sigma2. *)
Definition unbiased : Prop := always h, M_past h (fun xi _ => g h xi) = grad F (w h).

Definition variance (sigma2 : R) : Prop :=
  always h, E_past h (fun xi _ => norm2 (g h xi - grad F (w h))) <= sigma2.

(** The quantization noise has mean zero, given the past and the sample; its second moment is at
    most tau2, given the past. *)
Definition noise_unbiased : Prop := always h xi, M_sample h xi (fun zeta => eps h xi zeta) = 0%V.

Definition noise_variance (tau2 : R) : Prop :=
  always h, E_past h (fun xi zeta => norm2 (eps h xi zeta)) <= tau2.

(** q_k lies between q_min and q_max. *)
Definition q_lower (q_min : R) : Prop := always h, q_min <= q h.
Definition q_upper (q_max : R) : Prop := always h, q h <= q_max.

End Hypotheses.

(** ** S1: the effective stepsize *)
Section EffectiveStepsize.
Context {V : Space} {P : Process} {mu : nat -> R} {v w : History P -> V}
        {g : History P -> Sample P -> V -> V} {q : History P -> Sample P -> R}
        {eps : History P -> Sample P -> Noise P -> V}.

Theorem effective_stepsize
    (shrunken : always h xi zeta,
       w (after h xi zeta)
         = (w h - mu (time h) * (q h xi * g h xi (w h) + eps h xi zeta))%V)
    (plain : always h xi zeta,
       v (after h xi zeta)
         = (v h - (mu (time h) * q h xi) * (g h xi (v h) + eps h xi zeta / q h xi))%V)
    (same_start : v start = w start)
    (q_positive : always h xi, 0 < q h xi) :
  always h, v h = w h.
Proof.
  intros h. induction h as [| [xi zeta] h IH]; [now intros|].
  intros (R & Rxi & Rzeta). fold (after h xi zeta).
  rewrite plain, shrunken, IH by auto. assert (Q := q_positive h xi R Rxi).
  vector_field. lra.
Qed.
End EffectiveStepsize.

(** ** S2: moments of the shrunken gradient *)
Section Moments.
Context {V : Space} {P : Process} {F : Objective V} {sigma2 tau2 : R}
        {w : History P -> V} {q : History P -> R} {g : History P -> Sample P -> V}
        {eps : History P -> Sample P -> Noise P -> V}.

Lemma noise_mean_zero (noise_unbiased : noise_unbiased eps) :
  always h, M_past h (fun xi zeta => eps h xi zeta) = 0%V.
Proof.
  intros h R. unfold M_past. rewrite <- (M_const (sample_law h) (0%V : V)).
  apply M_equal. auto.
Qed.

Lemma noise_uncorrelated (noise_unbiased : noise_unbiased eps) (f : History P -> Sample P -> V) :
  always h, E_past h (fun xi zeta => inner (f h xi) (eps h xi zeta)) = 0.
Proof.
  intros h R. unfold E_past. rewrite <- (E_const (sample_law h) 0). apply E_equal. intros xi Hxi.
  rewrite <- (inner_zero_r (f h xi)), <- (noise_unbiased h xi R Hxi). symmetry. apply inner_M_r.
Qed.

Lemma mean_of_shrunken (unbiased : unbiased F w g) (noise_unbiased : noise_unbiased eps) :
  always h, M_past h (fun xi zeta => q h * g h xi + eps h xi zeta)%V = (q h * grad F (w h))%V.
Proof.
  intros h R. rewrite M_past_add, M_past_scale, unbiased, noise_mean_zero by auto. vector_ring.
Qed.

(** The second moment about the mean, exactly. *)
Lemma variance_of_shrunken (unbiased : unbiased F w g) (noise_unbiased : noise_unbiased eps) :
  always h,
    E_past h (fun xi zeta => norm2 (q h * g h xi + eps h xi zeta - q h * grad F (w h)))
    = q h ^ 2 * E_past h (fun xi _ => norm2 (g h xi - grad F (w h)))
      + E_past h (fun xi zeta => norm2 (eps h xi zeta)).
Proof.
  intros h R.
  assert (U := noise_uncorrelated noise_unbiased (fun h xi => g h xi - grad F (w h))%V h R).
  rewrite <- E_past_scale, <- E_past_add.
  rewrite <- (Rplus_0_r (E_past h (fun xi zeta => _ + _))), <- (Rmult_0_r (2 * q h)), <- U.
  rewrite <- E_past_scale, <- E_past_add. apply E_past_equal. intros. expand. ring.
Qed.

Theorem shrunken_moments
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (noise_unbiased : noise_unbiased eps)
    (noise_variance : noise_variance eps tau2) :
  (always h, M_past h (fun xi zeta => q h * g h xi + eps h xi zeta)%V = (q h * grad F (w h))%V)
  /\
  (always h,
     E_past h (fun xi zeta => norm2 (q h * g h xi + eps h xi zeta))
     <= q h ^ 2 * (norm2 (grad F (w h)) + sigma2) + tau2).
Proof.
  split; [now apply mean_of_shrunken|]. intros h R.
  assert (B := bias_variance (step_law h) (fun o => q h * g h (fst o) + eps h (fst o) (snd o))%V).
  rewrite <- (M_past_step h (fun xi zeta => q h * g h xi + eps h xi zeta)%V) in B.
  rewrite <- (E_past_step h (fun xi zeta => norm2 (q h * g h xi + eps h xi zeta))) in B.
  rewrite mean_of_shrunken in B by auto.
  rewrite <- (E_past_step h
    (fun xi zeta => norm2 (q h * g h xi + eps h xi zeta - q h * grad F (w h)))) in B.
  rewrite variance_of_shrunken in B by auto. rewrite B, norm2_scale.
  assert (S := variance h R). assert (T := noise_variance h R). assert (Q := pow2_ge_0 (q h)).
  nra.
Qed.

(** Both bounds are bounds of mean squares, hence not negative. *)
Lemma variance_nonneg (variance : variance F w g sigma2) : 0 <= sigma2.
Proof.
  eapply Rle_trans; [| apply (variance start reachable_start)].
  apply E_past_nonneg. intros. apply norm2_nonneg.
Qed.

Lemma noise_variance_nonneg (noise_variance : noise_variance eps tau2) : 0 <= tau2.
Proof.
  eapply Rle_trans; [| apply (noise_variance start reachable_start)].
  apply E_past_nonneg. intros. apply norm2_nonneg.
Qed.

End Moments.

(** ** F6: bias-variance, given the past, and Young *)
Section BiasVariance.
Context {V : Space} {P : Process}.

Lemma bias_variance_past h (X : Sample P -> Noise P -> V) v :
  E_past h (fun xi zeta => norm2 (X xi zeta - v))
  = norm2 (M_past h X - v) + E_past h (fun xi zeta => norm2 (X xi zeta - M_past h X)).
Proof. rewrite !E_past_step, M_past_step. apply bias_variance_about. Qed.

Theorem bias_variance_and_young (t : R) (t_positive : 0 < t) :
  (forall (X : History P -> Sample P -> Noise P -> V), always h,
     E_past h (fun xi zeta => norm2 (X h xi zeta))
     = norm2 (M_past h (X h)) + E_past h (fun xi zeta => norm2 (X h xi zeta - M_past h (X h))))
  /\ (forall a b : V, 2 * inner a b <= t * norm2 a + norm2 b / t).
Proof.
  split; [| intros; now apply young]. intros X h _.
  rewrite !E_past_step, !M_past_step. apply bias_variance.
Qed.
End BiasVariance.
