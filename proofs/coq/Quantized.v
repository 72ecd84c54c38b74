(** * SGD with real quantizers: the models Q3, Q4, Q5 and one step: O4, O5, O5a, RL, RLc

        w_{k+1} = w_k - mu_k Q_k,

    Q_k the quantized gradient, known after the step.  Models:

      Q3  E[Q | past, sample] = g,  E[|Q - g|^2 | past, sample] <= omega |g|^2 + tau2
      Q4  E[|Q - g|^2 | past, sample] <= u^2 |g|^2 + eta2
      Q5  <Q - q_min g, q_max g - Q> >= 0: every coordinate scaled by a factor in [q_min, q_max]
          that may see the sample

    One step, with G = |grad F(w_k)|^2:

      O4   under Q3:  E[F(w+) | past] <= F(w) - mu (1 - L mu (1+omega)/2) G
                                         + (L mu^2/2) ((1+omega) sigma2 + tau2)
      O5a  under Q4, mu >= 0, any t > 0:
             E[F(w+) | past] <= F(w) - (mu/2) (2 - L mu - (1 - L mu)^2/t - (t + L mu) u^2) G
                                + (mu/2) (L mu (1 + L mu/t) sigma2 + (t + L mu) (u^2 sigma2 + eta2))
      O5   under Q4 with eta2 = 0 (t = 1):
             E[F(w+) | past] <= F(w) - (mu/2) ((1 + L mu) (1 - u^2) - (L mu)^2) G
                                + (mu/2) (1 + L mu) (u^2 + L mu) sigma2
      RL   Q5 is Q4: with m = (q_min + q_max)/2 and rho = (q_max - q_min)/(q_max + q_min),
             |Q - m g|^2 <= rho^2 |m g|^2
      RLc  Q5 coordinate by coordinate, in an orthonormal basis, is Q5 *)

From Coq Require Import Reals Lra.
From Shrinkproof Require Import Sums Vectors Probability Process Combine Smooth Foundations Sgd OneStep.
Open Scope R_scope.

(** ** The hypotheses *)
Section Models.
Context {V : Space} {P : Process}.
Variables (w : History P -> V) (g : History P -> Sample P -> V)
          (Q : History P -> Sample P -> Noise P -> V).

Definition quantized_update (mu : nat -> R) : Prop :=
  always h xi zeta, w (after h xi zeta) = (w h - mu (time h) * Q h xi zeta)%V.

Definition quantization_unbiased : Prop := always h xi, M_sample h xi (fun zeta => Q h xi zeta) = g h xi.

Definition quantization_error (bound : R -> R) : Prop :=
  always h xi, E_sample h xi (fun zeta => norm2 (Q h xi zeta - g h xi)) <= bound (norm2 (g h xi)).

Definition sector (q_min q_max : R) : Prop :=
  always h xi zeta, 0 <= inner (Q h xi zeta - q_min * g h xi) (q_max * g h xi - Q h xi zeta).

End Models.

(** ** Moments, given the past *)
Section Moments.
Context {V : Space} {P : Process} {F : Objective V} {sigma2 : R}
        {w : History P -> V} {g : History P -> Sample P -> V}
        {Q : History P -> Sample P -> Noise P -> V}.

(** E |g|^2 <= G + sigma2, and E |L mu g - grad|^2 <= (1 - L mu)^2 G + (L mu)^2 sigma2. *)
Lemma mean_square_about (unbiased : unbiased F w g) (variance : variance F w g sigma2) (a b : R) :
  always h, E_past h (fun xi _ => norm2 (a * g h xi - b * grad F (w h)))
            <= (a - b) ^ 2 * norm2 (grad F (w h)) + a ^ 2 * sigma2.
Proof.
  intros h R. assert (B := variance h R). assert (U := unbiased h R).
  rewrite (E_past_equal h _ (fun xi _ => a ^ 2 * norm2 (g h xi - grad F (w h))
             + (2 * a * (a - b) * inner (g h xi) (grad F (w h))
                + (b ^ 2 - a ^ 2) * norm2 (grad F (w h))))).
  2: intros; expand; ring.
  rewrite !E_past_add, !E_past_scale, E_past_const, <- (inner_M_past h (fun xi _ => g h xi)), U.
  fold (norm2 (grad F (w h))). assert (a2 := pow2_ge_0 a). nra.
Qed.

Lemma gradient_mean_square (unbiased : unbiased F w g) (variance : Sgd.variance F w g sigma2) :
  always h, E_past h (fun xi _ => norm2 (g h xi)) <= norm2 (grad F (w h)) + sigma2.
Proof.
  intros h R. assert (M := mean_square_about unbiased variance 1 0 h R).
  rewrite (E_past_equal h (fun xi _ => norm2 (g h xi))
             (fun xi _ => norm2 (1 * g h xi - 0 * grad F (w h)))); [lra | intros; expand; ring].
Qed.

(** A bound given the sample, averaged over the sample. *)
Lemma error_given_past (a b : R) (error : quantization_error g Q (fun s => a * s + b)) :
  always h, E_past h (fun xi zeta => norm2 (Q h xi zeta - g h xi))
            <= a * E_past h (fun xi _ => norm2 (g h xi)) + b.
Proof.
  intros h R. rewrite E_past_of_sample, <- E_scale, <- (E_const (sample_law h) b), <- E_add.
  apply E_monotone. intros xi Hxi. apply (error h xi R Hxi).
Qed.

(** The error of an unbiased quantizer does not correlate with what the sample determines. *)
Lemma error_uncorrelated (quantization_unbiased : quantization_unbiased g Q)
    (f : History P -> Sample P -> V) :
  always h, E_past h (fun xi zeta => inner (Q h xi zeta) (f h xi))
            = E_past h (fun xi _ => inner (g h xi) (f h xi)).
Proof.
  intros h R. rewrite E_past_of_sample. apply E_equal. intros xi Hxi.
  rewrite <- (quantization_unbiased h xi R Hxi). symmetry. apply inner_M.
Qed.

Lemma mean_given_past (quantization_unbiased : quantization_unbiased g Q)
    (unbiased : unbiased F w g) :
  always h, M_past h (fun xi zeta => Q h xi zeta) = grad F (w h).
Proof.
  intros h R. rewrite <- (unbiased h R). unfold M_past. apply M_equal. intros xi Hxi.
  rewrite (quantization_unbiased h xi R Hxi). symmetry. apply M_const.
Qed.
End Moments.

(** ** One step *)
Section OneStep.
Context {V : Space} {P : Process} {F : Objective V} {L sigma2 tau2 omega u eta2 t : R}
        {mu : nat -> R} {w : History P -> V} {g : History P -> Sample P -> V}
        {Q : History P -> Sample P -> Noise P -> V}.

Lemma quantized_descent
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : quantized_update w Q mu) :
  always h,
    E_past h (fun xi zeta => F (w (after h xi zeta)))
    <= F (w h) - mu (time h) * E_past h (fun xi zeta => inner (grad F (w h)) (Q h xi zeta))
       + L / 2 * mu (time h) ^ 2 * E_past h (fun xi zeta => norm2 (Q h xi zeta)).
Proof.
  intros h R. rewrite <- !E_past_scale, <- (E_past_const h (F (w h))), <- E_past_sub, <- E_past_add.
  apply E_past_monotone. intros xi zeta Hxi Hzeta.
  rewrite (update h xi zeta R Hxi Hzeta). set (m := mu (time h)).
  set (y := (w h - m * Q h xi zeta)%V).
  assert (D := descent_lemma L_positive smoothness (w h) y).
  replace (y - w h)%V with (- m * Q h xi zeta)%V in D by (unfold y; vector_ring).
  combine (F (w h) + inner (grad F (w h)) (- m * Q h xi zeta)
    + L / 2 * norm2 (- m * Q h xi zeta) - F y).
Qed.

Theorem one_step_unbiased
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : quantized_update w Q mu)
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (quantization_unbiased : quantization_unbiased g Q)
    (quantization_error : quantization_error g Q (fun s => omega * s + tau2))
    (omega_nonnegative : 0 <= omega) :
  always h,
    E_past h (fun xi zeta => F (w (after h xi zeta)))
    <= F (w h) - mu (time h) * (1 - L * mu (time h) * (1 + omega) / 2) * norm2 (grad F (w h))
       + L * mu (time h) ^ 2 / 2 * ((1 + omega) * sigma2 + tau2).
Proof.
  intros h R. assert (D := quantized_descent L_positive smoothness update h R).
  assert (M := mean_given_past quantization_unbiased unbiased h R).
  rewrite <- (inner_M_past_r h (fun xi zeta => Q h xi zeta)), M in D.
  fold (norm2 (grad F (w h))) in D.
  assert (E1 := error_given_past omega tau2 quantization_error h R).
  assert (E2 := gradient_mean_square unbiased variance h R).
  assert (U := error_uncorrelated quantization_unbiased g h R).
  rewrite (E_past_equal h (fun xi zeta => norm2 (Q h xi zeta))
             (fun xi zeta => norm2 (Q h xi zeta - g h xi)
                + (2 * inner (Q h xi zeta) (g h xi) - norm2 (g h xi)))) in D.
  2: intros; expand; ring.
  rewrite E_past_add, E_past_sub, E_past_scale, U in D. fold (norm2 (V := V)) in D.
  set (m := mu (time h)) in *. set (G := norm2 (grad F (w h))) in *.
  set (X := E_past h (fun xi _ => norm2 (g h xi))) in *.
  change (E_past h (fun xi _ => inner (g h xi) (g h xi))) with X in D.
  set (Y := E_past h (fun xi zeta => norm2 (Q h xi zeta - g h xi))) in *.
  set (F' := E_past h (fun xi zeta => F _)) in *.
  combine ((F (w h) - m * G + L / 2 * m ^ 2 * (Y + (2 * X - X)) - F')
           + L / 2 * m ^ 2 * (omega * X + tau2 - Y)
           + L / 2 * m ^ 2 * (1 + omega) * (G + sigma2 - X)).
Qed.

Theorem one_step_relative_absolute
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : quantized_update w Q mu)
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (quantization_error : quantization_error g Q (fun s => u ^ 2 * s + eta2))
    (mu_nonnegative : forall k, 0 <= mu k)
    (t_positive : 0 < t) :
  always h,
    E_past h (fun xi zeta => F (w (after h xi zeta)))
    <= F (w h)
       - mu (time h) / 2 * (2 - L * mu (time h) - (1 - L * mu (time h)) ^ 2 / t
                            - (t + L * mu (time h)) * u ^ 2) * norm2 (grad F (w h))
       + mu (time h) / 2 * (L * mu (time h) * (1 + L * mu (time h) / t) * sigma2
                            + (t + L * mu (time h)) * (u ^ 2 * sigma2 + eta2)).
Proof.
  intros h R. assert (D := quantized_descent L_positive smoothness update h R).
  assert (E1 := error_given_past (u ^ 2) eta2 quantization_error h R).
  assert (E2 := gradient_mean_square unbiased variance h R).
  assert (m0 := mu_nonnegative (time h)). set (m := mu (time h)) in *.
  assert (E3 := mean_square_about unbiased variance (L * m) 1 h R).
  assert (E4 := unbiased h R).
  set (G := norm2 (grad F (w h))) in *.
  (* Young for the error and L mu g - grad, in the mean *)
  assert (Young : E_past h (fun xi zeta => - inner (grad F (w h)) (Q h xi zeta - g h xi)
                    + L * m * inner (g h xi) (Q h xi zeta - g h xi))
                  <= 1 / (2 * t) * E_past h (fun xi _ => norm2 (L * m * g h xi - 1 * grad F (w h)))
                     + t / 2 * E_past h (fun xi zeta => norm2 (Q h xi zeta - g h xi))).
  { rewrite <- !E_past_scale, <- E_past_add. apply E_past_monotone. intros xi zeta _ _.
    combine (1 / (2 * t) * norm2 (L * m * g h xi - grad F (w h) - t * (Q h xi zeta - g h xi))). }
  set (F' := E_past h (fun xi zeta => F (w (after h xi zeta)))) in *.
  assert (Split : - m * E_past h (fun xi zeta => inner (grad F (w h)) (Q h xi zeta))
                  + L / 2 * m ^ 2 * E_past h (fun xi zeta => norm2 (Q h xi zeta))
                  = m * E_past h (fun xi zeta => - inner (grad F (w h)) (Q h xi zeta - g h xi)
                                    + L * m * inner (g h xi) (Q h xi zeta - g h xi))
                    + L / 2 * m ^ 2 * E_past h (fun xi zeta => norm2 (Q h xi zeta - g h xi))
                    + L / 2 * m ^ 2 * E_past h (fun xi _ => norm2 (g h xi)) - m * G).
  { replace (m * G) with (m * E_past h (fun xi _ => inner (grad F (w h)) (g h xi))).
    2: { rewrite <- (inner_M_past_r h (fun xi _ => g h xi)), E4. reflexivity. }
    rewrite <- !E_past_scale, <- !E_past_add, <- E_past_sub. apply E_past_equal. intros. expand.
    field. }
  set (Y := E_past h (fun xi zeta => norm2 (Q h xi zeta - g h xi))) in *.
  set (X := E_past h (fun xi _ => norm2 (g h xi))) in *.
  set (Z := E_past h (fun xi _ => norm2 (L * m * g h xi - 1 * grad F (w h)))) in *.
  set (C := E_past h (fun xi zeta => - inner _ _ + _)) in *.
  set (A := E_past h (fun xi zeta => inner (grad F (w h)) (Q h xi zeta))) in *.
  set (N := E_past h (fun xi zeta => norm2 (Q h xi zeta))) in *.
  assert (D' : F' <= F (w h) + (m * C + L / 2 * m ^ 2 * Y + L / 2 * m ^ 2 * X - m * G)) by lra.
  assert (L0 : 0 < t) by assumption.
  combine ((F (w h) + (m * C + L / 2 * m ^ 2 * Y + L / 2 * m ^ 2 * X - m * G) - F')
           + m * (1 / (2 * t) * Z + t / 2 * Y - C)
           + m / (2 * t) * ((L * m - 1) ^ 2 * G + (L * m) ^ 2 * sigma2 - Z)
           + m / 2 * (t + L * m) * (u ^ 2 * X + eta2 - Y)
           + m / 2 * ((t + L * m) * u ^ 2 + L * m) * (G + sigma2 - X)).
Qed.

End OneStep.

Section Relative.
Context {V : Space} {P : Process} {F : Objective V} {L sigma2 u : R}
        {mu : nat -> R} {w : History P -> V} {g : History P -> Sample P -> V}
        {Q : History P -> Sample P -> Noise P -> V}.

Theorem one_step_relative
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : quantized_update w Q mu)
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (quantization_error : quantization_error g Q (fun s => u ^ 2 * s))
    (mu_nonnegative : forall k, 0 <= mu k) :
  always h,
    E_past h (fun xi zeta => F (w (after h xi zeta)))
    <= F (w h)
       - mu (time h) / 2 * ((1 + L * mu (time h)) * (1 - u ^ 2) - (L * mu (time h)) ^ 2)
         * norm2 (grad F (w h))
       + mu (time h) / 2 * (1 + L * mu (time h)) * (u ^ 2 + L * mu (time h)) * sigma2.
Proof.
  intros h R.
  assert (error : Quantized.quantization_error g Q (fun s => u ^ 2 * s + 0)).
  { intros h' xi R' Hxi. rewrite Rplus_0_r. auto. }
  assert (T := one_step_relative_absolute (t := 1) L_positive smoothness update unbiased variance
    error
                 mu_nonnegative Rlt_0_1 h R).
  eapply Rle_trans; [apply T|]. right. field.
Qed.
End Relative.

(** ** Q5 is Q4 *)
Section Reduction.
Context {V : Space} {P : Process} {q_min q_max : R} {g : History P -> Sample P -> V}
        {Q : History P -> Sample P -> Noise P -> V}.

Theorem reduction
    (sector : sector g Q q_min q_max)
    (range_positive : 0 < q_min + q_max) :
  let m := (q_min + q_max) / 2 in
  let rho := (q_max - q_min) / (q_max + q_min) in
  always h xi zeta, norm2 (Q h xi zeta - m * g h xi) <= rho ^ 2 * norm2 (m * g h xi).
Proof.
  intros m rho h xi zeta R Hxi Hzeta. assert (S := sector h xi zeta R Hxi Hzeta).
  assert (0 < q_max + q_min) by lra. unfold m, rho.
  combine (inner (Q h xi zeta - q_min * g h xi) (q_max * g h xi - Q h xi zeta)).
Qed.

Theorem sector_from_coordinates {d : nat} {e : nat -> V}
    (orthonormal_basis : forall x y, inner x y = sum d (fun i => inner (e i) x * inner (e i) y))
    (coordinate_sector : always h xi zeta, forall i,
       0 <= (inner (e i) (Q h xi zeta) - q_min * inner (e i) (g h xi))
            * (q_max * inner (e i) (g h xi) - inner (e i) (Q h xi zeta))) :
  Quantized.sector g Q q_min q_max.
Proof.
  intros h xi zeta R Hxi Hzeta. rewrite orthonormal_basis. apply sum_nonneg. intros i _.
  rewrite !inner_sub_r, !inner_scale_r. apply (coordinate_sector h xi zeta R Hxi Hzeta i).
Qed.
End Reduction.
