(** * The steady error level, as a function of the shrinkage: A1, A2, A3

    floor(q, tau2) = mu (q sigma2 + tau2/q) / (c (2 - c mu q)) is where E |w_K - w_star|^2 settles
    (T3e, and exactly so by LB).

      A1  floor(q, tau2) - floor(1, 0)
            = mu / (c q (2 - c mu q) (2 - c mu)) (tau2 (2 - c mu) - 2 q (1-q) sigma2),
          the first factor positive: additive noise and shrinkage together raise the floor of full
          precision if and only if tau2 > 2 q (1-q) sigma2 / (2 - c mu)
      A2  without additive noise the floor falls with q
      A3  at matched effective stepsize alpha = mu q,
          floor = alpha (sigma2 + tau2/q^2) / (c (2 - c alpha))

    And what T3e and T3s need: a floor that is large enough at both ends of [q_min, q_max] is so
    between them. *)

From Coq Require Import Reals Lra.
From Shrinkproof Require Import Vectors Combine.
Open Scope R_scope.

Definition distance_floor (c mu sigma2 tau2 q : R) : R :=
  mu * (q * sigma2 + tau2 / q) / (c * (2 - c * mu * q)).

Section Floors.
Context {c mu q q_min q_max sigma2 tau2 : R}.

Theorem additive_noise_raises_the_floor
    (c_positive : 0 < c)
    (mu_positive : 0 < mu)
    (q_positive : 0 < q)
    (stable : c * mu * q < 2)
    (stable_at_1 : c * mu < 2) :
  0 < mu / (c * q * (2 - c * mu * q) * (2 - c * mu))
  /\
  mu * (q * sigma2 + tau2 / q) / (c * (2 - c * mu * q)) - mu * sigma2 / (c * (2 - c * mu))
  = mu / (c * q * (2 - c * mu * q) * (2 - c * mu))
    * (tau2 * (2 - c * mu) - 2 * q * (1 - q) * sigma2).
Proof. split; [positive | field; lra]. Qed.

(** The sign of the difference, said outright. *)
Corollary additive_noise_raises_the_floor_iff
    (c_positive : 0 < c)
    (mu_positive : 0 < mu)
    (q_positive : 0 < q)
    (stable : c * mu * q < 2)
    (stable_at_1 : c * mu < 2) :
  mu * sigma2 / (c * (2 - c * mu)) < mu * (q * sigma2 + tau2 / q) / (c * (2 - c * mu * q))
  <-> 2 * q * (1 - q) * sigma2 / (2 - c * mu) < tau2.
Proof.
  destruct (additive_noise_raises_the_floor c_positive mu_positive q_positive stable stable_at_1) as
    [k D].
  set (f := mu * (q * sigma2 + _) / _) in *. set (f1 := mu * sigma2 / _) in *.
  assert (k' : 0 < mu / (c * q * (2 - c * mu * q))) by positive.
  assert (D' : f - f1 = (tau2 - 2 * q * (1 - q) * sigma2 / (2 - c * mu))
                        * (mu / (c * q * (2 - c * mu * q)))) by (rewrite D; field; lra).
  set (m := mu / (c * q * (2 - c * mu * q))) in *. set (t := 2 * q * _ * _ / _) in *.
  split; intros H.
  - apply Rmult_lt_reg_r with m; [exact k' | lra].
  - apply (Rmult_lt_compat_r m) in H; [lra | exact k'].
Qed.

Theorem pure_shrinkage_lowers_the_floor
    (c_positive : 0 < c)
    (mu_positive : 0 < mu)
    (sigma2_nonnegative : 0 <= sigma2)
    (q_ordered : q_min <= q_max)
    (stable_at_q_max : c * mu * q_max < 2) :
  mu * q_min * sigma2 / (c * (2 - c * mu * q_min)) <= mu * q_max * sigma2 / (c * (2 - c * mu * q_max)).
Proof.
  assert (S : 0 < 2 - c * mu * q_max) by lra.
  assert (S' : 0 < 2 - c * mu * q_min).
  { apply Rlt_le_trans with (2 - c * mu * q_max); [exact S|]. combine (c * mu * (q_max - q_min)). }
  combine (2 * mu * sigma2 * (q_max - q_min) / (c * (2 - c * mu * q_max) * (2 - c * mu * q_min))).
Qed.

Theorem matched_effective_stepsize
    (q_positive : 0 < q) :
  let alpha := mu * q in
  mu * (q * sigma2 + tau2 / q) / (c * (2 - c * mu * q))
  = alpha * (sigma2 + tau2 / q ^ 2) / (c * (2 - c * alpha)).
Proof.
  intros alpha. unfold alpha, Rdiv. rewrite <- (Rmult_assoc c mu q). f_equal. field. lra.
Qed.

(** The noise of a step is at most what the contraction takes from the floor B. *)
Lemma noise_fits_under_the_floor (B r : R)
    (c_positive : 0 < c)
    (mu_positive : 0 < mu)
    (range : 0 < q_min <= q_max)
    (stable : c * mu * q_max < 2)
    (sigma2_nonnegative : 0 <= sigma2)
    (B_nonnegative : 0 <= B)
    (at_min : distance_floor c mu sigma2 tau2 q_min <= B)
    (at_max : distance_floor c mu sigma2 tau2 q_max <= B) :
  q_min <= r <= q_max ->
  (mu * r) ^ 2 * sigma2 + mu ^ 2 * tau2 <= (1 - (1 - c * mu * r) ^ 2) * B.
Proof.
  intros Hr. destruct range as [range0 range1]. unfold distance_floor in *.
  assert (S : 0 < 2 - c * mu * q_max) by lra.
  assert (S' : 0 < 2 - c * mu * q_min).
  { apply Rlt_le_trans with (2 - c * mu * q_max); [exact S|]. combine (c * mu * (q_max - q_min)). }
  assert (C : 0 <= - (mu ^ 2 * tau2) + (2 * c * mu * B) * r -
    (mu ^ 2 * sigma2 + c ^ 2 * mu ^ 2 * B) * r ^ 2).
  { apply concave_between with q_min q_max; [nonneg | exact Hr | |].
    - combine (c * mu * q_min * (2 - c * mu * q_min)
               * (B - mu * (q_min * sigma2 + tau2 / q_min) / (c * (2 - c * mu * q_min)))).
    - combine (c * mu * q_max * (2 - c * mu * q_max)
               * (B - mu * (q_max * sigma2 + tau2 / q_max) / (c * (2 - c * mu * q_max)))). }
  combine (- (mu ^ 2 * tau2) + (2 * c * mu * B) * r -
    (mu ^ 2 * sigma2 + c ^ 2 * mu ^ 2 * B) * r ^ 2).
Qed.

Lemma distance_floor_nonneg
    (c_positive : 0 < c)
    (mu_positive : 0 < mu)
    (q_positive : 0 < q)
    (stable : c * mu * q < 2)
    (sigma2_nonnegative : 0 <= sigma2)
    (tau2_nonnegative : 0 <= tau2) :
  0 <= distance_floor c mu sigma2 tau2 q.
Proof. unfold distance_floor. nonneg. Qed.

End Floors.
