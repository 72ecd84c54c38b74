(** * Finite sums and products

    [sum n f] is f 0 + ... + f (n-1), and [prod n f] is f 0 * ... * f (n-1). *)

From Coq Require Import Reals Lra Lia.
Open Scope R_scope.

Fixpoint sum (n : nat) (f : nat -> R) : R := match n with O => 0 | S m => sum m f + f m end.
Fixpoint prod (n : nat) (f : nat -> R) : R := match n with O => 1 | S m => prod m f * f m end.

Lemma sum_0 f : sum 0 f = 0.
Proof. reflexivity. Qed.

Lemma sum_S n f : sum (S n) f = sum n f + f n.
Proof. reflexivity. Qed.

Lemma prod_0 f : prod 0 f = 1.
Proof. reflexivity. Qed.

Lemma prod_S n f : prod (S n) f = prod n f * f n.
Proof. reflexivity. Qed.

Lemma sum_ext n f g : (forall i, (i < n)%nat -> f i = g i) -> sum n f = sum n g.
Proof. induction n; intros H; cbn; [reflexivity|]. rewrite IHn, H; auto with arith. Qed.

Lemma sum_first n f : sum (S n) f = f O + sum n (fun i => f (S i)).
Proof. induction n; cbn in *; [ring|]. rewrite IHn. ring. Qed.

Lemma sum_add n f g : sum n (fun i => f i + g i) = sum n f + sum n g.
Proof. induction n; cbn; [ring|]. rewrite IHn. ring. Qed.

Lemma sum_scale a n f : sum n (fun i => a * f i) = a * sum n f.
Proof. induction n; cbn; [ring|]. rewrite IHn. ring. Qed.

Lemma sum_const a n : sum n (fun _ => a) = INR n * a.
Proof. induction n; [cbn; ring|]. rewrite sum_S, IHn, S_INR. ring. Qed.

Lemma sum_le n f g : (forall i, (i < n)%nat -> f i <= g i) -> sum n f <= sum n g.
Proof.
  induction n; intros H; cbn; [lra|].
  apply Rplus_le_compat; [apply IHn; auto with arith | apply H; auto with arith].
Qed.

Lemma sum_nonneg n f : (forall i, (i < n)%nat -> 0 <= f i) -> 0 <= sum n f.
Proof.
  intros H. replace 0 with (sum n (fun _ => 0)); [now apply sum_le|]. rewrite sum_const. ring.
Qed.

Lemma sum_positive n f : (0 < n)%nat -> (forall i, (i < n)%nat -> 0 < f i) -> 0 < sum n f.
Proof.
  destruct n; intros H0 H; [lia|]. rewrite sum_S.
  apply Rplus_le_lt_0_compat; [apply sum_nonneg | ]; intros; auto with arith.
  apply Rlt_le. auto with arith.
Qed.

Lemma prod_nonneg n f : (forall i, (i < n)%nat -> 0 <= f i) -> 0 <= prod n f.
Proof.
  induction n; intros H; cbn; [lra|].
  apply Rmult_le_pos; [apply IHn; auto with arith | apply H; auto with arith].
Qed.

Lemma prod_const a n : prod n (fun _ => a) = a ^ n.
Proof. induction n; cbn; [reflexivity|]. rewrite IHn. ring. Qed.
