(** * From one step to K steps

    For a quantity X of the past (a function of the history), in four forms:

      drift        E[X_{k+1} | past] <= X_k - D_k + B_k   for all k   gives
                   E X_K + sum_{k<K} E D_k <= X_0 + sum_{k<K} E B_k;
      recursion    E[X_{k+1} | past] <= rho_k X_k + b_k, rho_k >= 0, gives E X_K <= r_K,
                   where r_0 = X_0 and r_{k+1} = rho_k r_k + b_k;
      contraction  E[X_{k+1} | past] - B <= rho_k (X_k - B), rho_k >= 0, gives
                   E X_K <= B + (prod_{k<K} rho_k) (X_0 - B);
      envelope     E[X_{k+1} | past] <= rho_k X_k + b_k, rho_k >= 0, gives E X_K <= nu_K
                   for every nu with X_0 <= nu_0 and rho_k nu_k + b_k <= nu_{k+1}.

    Every convergence theorem is an instance.  The exact forms (equations) are for the lower bound. *)

From Coq Require Import Reals Lra.
From Shrinkproof Require Import Sums Vectors Probability Process.
Open Scope R_scope.

Section Drift.
Context {P : Process} {X D B : History P -> R}.

Theorem drift_bounds_sum
    (drift : always h, E_past h (fun xi zeta => X (after h xi zeta)) <= X h - D h + B h) K :
  E_run K X + sum K (fun k => E_run k D) <= X start + sum K (fun k => E_run k B).
Proof.
  induction K as [| K IH]; [rewrite E_run_0, !sum_0; lra|]. rewrite E_run_S, !sum_S.
  assert (S : E_run K (fun h => E_past h (fun xi zeta => X (after h xi zeta)))
              <= E_run K X - E_run K D + E_run K B).
  { rewrite <- E_run_sub, <- E_run_add. apply E_run_monotone. auto. }
  lra.
Qed.


Theorem envelope_bounds_mean (rho b nu : nat -> R)
    (rho_nonnegative : forall k, 0 <= rho k)
    (step : always h, E_past h (fun xi zeta => X (after h xi zeta)) <= rho (time h) * X h + b (time h))
    (base : X start <= nu O)
    (room : forall k, rho k * nu k + b k <= nu (S k)) K :
  E_run K X <= nu K.
Proof.
  induction K as [| K IH]; [now rewrite E_run_0|]. rewrite E_run_S.
  apply Rle_trans with (rho K * nu K + b K); [| apply room].
  apply Rle_trans with (rho K * E_run K X + b K).
  - rewrite <- E_run_scale, <- (E_run_const (P := P) K (b K)), <- E_run_add.
    apply E_run_monotone. intros h R <-. auto.
  - apply Rplus_le_compat_r, Rmult_le_compat_l; auto.
Qed.

Theorem recursion_bounds_mean (rho b nu : nat -> R)
    (rho_nonnegative : forall k, 0 <= rho k)
    (step : always h, E_past h (fun xi zeta => X (after h xi zeta)) <= rho (time h) * X h + b (time h))
    (base : nu O = X start)
    (recursion : forall k, nu (S k) = rho k * nu k + b k) K :
  E_run K X <= nu K.
Proof.
  apply (envelope_bounds_mean rho b nu); [assumption | assumption | lra |]. intros k.
  rewrite recursion. lra.
Qed.

Theorem recursion_is_mean (rho b nu : nat -> R)
    (step : always h, E_past h (fun xi zeta => X (after h xi zeta)) = rho (time h) * X h + b (time h))
    (base : nu O = X start)
    (recursion : forall k, nu (S k) = rho k * nu k + b k) K :
  E_run K X = nu K.
Proof.
  induction K as [| K IH]; [now rewrite E_run_0|].
  rewrite E_run_S, recursion, <- IH, <- E_run_scale, <-
    (E_run_const (P := P) K (b K)), <- E_run_add.
  apply E_run_equal. intros h R <-. auto.
Qed.

Theorem contraction_bounds_mean (rho : nat -> R) (floor : R)
    (rho_nonnegative : forall k, 0 <= rho k)
    (step : always h,
       E_past h (fun xi zeta => X (after h xi zeta)) - floor <= rho (time h) * (X h - floor)) K :
  E_run K X <= floor + prod K rho * (X start - floor).
Proof.
  apply (envelope_bounds_mean rho (fun k => (1 - rho k) * floor)
           (fun k => floor + prod k rho * (X start - floor))); [assumption | | | ].
  - intros h R. specialize (step h R). lra.
  - rewrite prod_0. lra.
  - intros k. rewrite prod_S. lra.
Qed.

End Drift.
