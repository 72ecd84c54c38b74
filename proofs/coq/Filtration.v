(** * Conditional expectation on a finite probability space with a filtration

    What the proof kernel of the Python side reads its theorems on.  Stage s sees of the outcome
    [view s] alone, and later stages see more.  E[X | s] at an outcome is the mean of X over the
    outcomes that look the same.  The laws that the kernel uses, for outcomes of positive
    probability:

      - monotone and linear;
      - what s determines is pulled out:  E[a X | s] = a E[X | s],  <E[X | s], v> = E[<X, v> | s];
      - the tower rule:  E[E[X | t] | s] = E[X | s]  where t is not earlier than s;
      - E[X | s] is determined at s, and every function of what is determined is. *)

From Coq Require Import Reals Lra List Arith Lia.
From Shrinkproof Require Import Sums Vectors Probability.
Import ListNotations.
Open Scope R_scope.

Record Filtered := {
  Outcome : Type;
  law : dist Outcome;
  Label : Type;
  label_eq : forall a b : Label, {a = b} + {a <> b};
  view : nat -> Outcome -> Label;
  nothing_at_the_start : forall w w', view 0 w = view 0 w';
  later_sees_more : forall s w w', view (S s) w = view (S s) w' -> view s w = view s w'
}.
Arguments law {_}.
Arguments label_eq {_} _ _.
Arguments view {_} _ _.
Arguments nothing_at_the_start {_} _ _.
Arguments later_sees_more {_} _ _ _ _.

Lemma E_swap {A B} (d : dist A) (d' : dist B) f :
  E d (fun a => E d' (fun b => f a b)) = E d' (fun b => E d (fun a => f a b)).
Proof.
  unfold E at 1 4. induction (weighted d) as [| [p a] l IH]; cbn [total fst snd].
  - symmetry. apply (E_const d' 0).
  - rewrite E_add, E_scale, IH. reflexivity.
Qed.

Lemma E_positive {A} (d : dist A) f a : possible d a -> (forall b, 0 <= f b) -> 0 < f a -> 0 < E d f.
Proof.
  intros (p & Ha & Hp) Hf Hfa. unfold E. assert (W := fun q b => weights_nonneg d (p := q)
    (a := b)).
  revert Ha W. induction (weighted d) as [| [q b] l IH]; intros Ha W; [contradiction|].
  cbn. assert (q0 := W q b (or_introl eq_refl)). assert (b0 := Hf b).
  assert (rest : 0 <= total l f).
  { clear IH Ha. assert (W' : forall q b, In (q, b) l -> 0 <= q) by (intros; eapply W; right;
      eassumption).
    clear W. induction l as [| [r c] l IH]; cbn; [lra|].
    assert (r0 := W' r c (or_introl eq_refl)). assert (c0 := Hf c).
    assert (0 <= total l f) by (apply IH; intros; eapply W'; right; eassumption). nra. }
  destruct Ha as [Ha | Ha].
  - injection Ha as -> ->. nra.
  - assert (0 < total l f) by (apply IH; [exact Ha | intros; eapply W; right; eassumption]). nra.
Qed.

Section Laws.
Context {O : Filtered}.
Implicit Types (s t : nat) (X Y : Outcome O -> R) (w : Outcome O).

Definition outcome (w : Outcome O) : Prop := possible law w.

Definition same s w w' : bool := if label_eq (view s w) (view s w') then true else false.
Definition indicator (b : bool) : R := if b then 1 else 0.
Definition chance s w : R := E law (fun w' => indicator (same s w w')).

(** E[X | s], for numbers and for vectors. *)
Definition CE s X w : R := E law (fun w' => indicator (same s w w') * X w') / chance s w.
Definition CM {V : Space} s (X : Outcome O -> V) w : V :=
  (M law (fun w' => indicator (same s w w') * X w') / chance s w)%V.

Lemma same_refl s w : same s w w = true.
Proof. unfold same. now destruct (label_eq _ _). Qed.

Lemma same_iff s w w' : same s w w' = true <-> view s w = view s w'.
Proof. unfold same. now destruct (label_eq _ _). Qed.

Lemma same_later s t w w' : (s <= t)%nat -> view t w = view t w' -> view s w = view s w'.
Proof. induction 1; auto using later_sees_more. Qed.

Lemma same_class s w w' : view s w = view s w' -> forall z, same s w z = same s w' z.
Proof. intros H z. unfold same. now rewrite H. Qed.

Lemma indicator_nonneg b : 0 <= indicator b.
Proof. destruct b; cbn; lra. Qed.

Lemma chance_positive s w : outcome w -> 0 < chance s w.
Proof.
  intros H. apply (E_positive law _ w H); [intros; apply indicator_nonneg|]. rewrite same_refl. cbn.
  lra.
Qed.

(** What stage s determines. *)
Definition determined {T : Type} s (X : Outcome O -> T) : Prop :=
  forall w w', outcome w -> outcome w' -> view s w = view s w' -> X w = X w'.

Lemma determined_later {T} s t (X : Outcome O -> T) : (s <= t)%nat -> determined s X -> determined t X.
Proof. intros H D w w' Hw Hw' E. apply D; auto. now apply (same_later s t). Qed.

Lemma determined_constant {T} s (x : T) : determined s (fun _ => x).
Proof. now intros w w' _ _ _. Qed.

Lemma determined_function {T U} s (f : T -> U) (X : Outcome O -> T) :
  determined s X -> determined s (fun w => f (X w)).
Proof. intros D w w' Hw Hw' E. now rewrite (D w w' Hw Hw' E). Qed.

Lemma determined_function_2 {T U W} s (f : T -> U -> W) (X : Outcome O -> T) (Y : Outcome O -> U) :
  determined s X -> determined s Y -> determined s (fun w => f (X w) (Y w)).
Proof. intros D D' w w' Hw Hw' E. now rewrite (D w w' Hw Hw' E), (D' w w' Hw Hw' E). Qed.

Lemma determined_sum s n (F : nat -> Outcome O -> R) :
  (forall i, (i < n)%nat -> determined s (F i)) -> determined s (fun w => sum n (fun i => F i w)).
Proof. intros D w w' Hw Hw' E. apply sum_ext. intros i Hi. now apply D. Qed.

Lemma chance_of_class s w w' : view s w = view s w' -> chance s w = chance s w'.
Proof. intros H. unfold chance. apply E_equal. intros z _. now rewrite (same_class s w w' H). Qed.

Lemma determined_CE s X : determined s (CE s X).
Proof.
  intros w w' _ _ H. unfold CE. rewrite (chance_of_class s w w' H).
  rewrite (E_equal law _ (fun z => indicator (same s w' z) * X z)); [reflexivity|].
  intros z _. now rewrite (same_class s w w' H).
Qed.

Lemma determined_CM {V : Space} s (X : Outcome O -> V) : determined s (CM s X).
Proof.
  intros w w' _ _ H. unfold CM. rewrite (chance_of_class s w w' H).
  rewrite (M_equal law _ (fun z => indicator (same s w' z) * X z)%V); [reflexivity|].
  intros z _. now rewrite (same_class s w w' H).
Qed.

(** At the start nothing is known: what is determined there is constant. *)
Lemma determined_at_the_start {T} (X : Outcome O -> T) :
  determined 0 X -> forall w w', outcome w -> outcome w' -> X w = X w'.
Proof. intros D w w' Hw Hw'. apply D; auto. apply nothing_at_the_start. Qed.

(** *** Monotone, linear *)

Lemma CE_monotone s X Y w : outcome w -> (forall w, outcome w -> X w <= Y w) -> CE s X w <= CE s Y w.
Proof.
  intros Hw H. apply Rmult_le_compat_r; [now apply Rlt_le, Rinv_0_lt_compat, chance_positive|].
  apply E_monotone. intros z Hz. apply Rmult_le_compat_l; [apply indicator_nonneg | now apply H].
Qed.

Lemma CE_equal s X Y w : (forall w, outcome w -> X w = Y w) -> CE s X w = CE s Y w.
Proof. intros H. unfold CE. rewrite (E_equal law _ (fun z => indicator (same s w z) * Y z));
  [reflexivity|].
  intros z Hz. now rewrite H. Qed.

Lemma CM_equal {V : Space} s (X Y : Outcome O -> V) w :
  (forall w, outcome w -> X w = Y w) -> CM s X w = CM s Y w.
Proof. intros H. unfold CM. rewrite (M_equal law _ (fun z => indicator (same s w z) * Y z)%V);
  [reflexivity|].
  intros z Hz. now rewrite H. Qed.

Lemma CE_linear s a b X Y w : CE s (fun w => a * X w + b * Y w) w = a * CE s X w + b * CE s Y w.
Proof.
  unfold CE. rewrite (E_equal law _ (fun z => a * (indicator (same s w z) * X z)
    + b * (indicator (same s w z) * Y z))).
  - rewrite E_linear. unfold Rdiv. ring.
  - intros. ring.
Qed.

(** *** What is determined is pulled out *)

Lemma CE_pull_out s a X w : outcome w -> determined s a -> CE s (fun w => a w * X w) w = a w * CE s X w.
Proof.
  intros Hw D. unfold CE, Rdiv. rewrite <- Rmult_assoc, <- E_scale. f_equal. apply E_equal.
  intros z Hz.
  destruct (same s w z) eqn:H; cbn; [| ring]. apply same_iff in H. rewrite (D w z Hw Hz H). ring.
Qed.

Lemma CE_determined s X w : outcome w -> determined s X -> CE s X w = X w.
Proof.
  intros Hw D. rewrite (CE_equal s X (fun w => X w * 1)); [| intros; ring].
  rewrite CE_pull_out by assumption. unfold CE.
  rewrite (E_equal law (fun z => indicator (same s w z) * 1) (fun z => indicator (same s w z)));
    [| intros; ring].
  fold (chance s w). assert (C := chance_positive s w Hw). field. lra.
Qed.

Lemma inner_CM {V : Space} s (X : Outcome O -> V) v w :
  outcome w -> determined s v -> inner (CM s X w) (v w) = CE s (fun w => inner (X w) (v w)) w.
Proof.
  intros Hw D. unfold CM, CE. rewrite inner_scale_l, inner_M. unfold Rdiv. rewrite Rmult_comm.
  f_equal.
  apply E_equal. intros z Hz. rewrite inner_scale_l.
  destruct (same s w z) eqn:H; cbn; [| ring]. apply same_iff in H. now rewrite (D w z Hw Hz H).
Qed.

(** *** The tower rule *)

(** Averaging at stage t changes no mean over what stage s <= t sees. *)
Lemma mean_over_class s t X w : (s <= t)%nat ->
  E law (fun z => indicator (same s w z) * CE t X z) = E law (fun z => indicator (same s w z) * X z).
Proof.
  intros Hst.
  transitivity (E law (fun z => E law (fun y =>
    indicator (same s w z) * (indicator (same t z y) * X y / chance t z)))).
  { apply E_equal. intros z _. rewrite E_scale. f_equal. unfold CE, Rdiv.
    rewrite Rmult_comm, <- E_scale. apply E_equal. intros. ring. }
  rewrite E_swap. apply E_equal. intros y Hy.
  transitivity (E law (fun z => indicator (same s w y) * X y / chance t y * indicator
    (same t y z))).
  - apply E_equal. intros z _. unfold same at 2 4.
    destruct (label_eq (view t z) (view t y)) as [H | H],
      (label_eq (view t y) (view t z)) as [H' | H'];
      try congruence; cbn; [| unfold Rdiv; ring].
    assert (C := chance_of_class t z y H).
    assert (S : same s w z = same s w y).
    { unfold same. now rewrite (same_later s t z y Hst H). }
    rewrite C, S. unfold Rdiv. ring.
  - rewrite E_scale. fold (chance t y). assert (C := chance_positive t y Hy). field. lra.
Qed.

Theorem CE_tower s t X w : (s <= t)%nat -> CE s (CE t X) w = CE s X w.
Proof. intros Hst. unfold CE at 1 3. now rewrite mean_over_class. Qed.

Theorem CM_tower {V : Space} s t (X : Outcome O -> V) w :
  outcome w -> (s <= t)%nat -> CM s (CM t X) w = CM s X w.
Proof.
  intros Hw Hst. apply equal_of_distance_zero. unfold norm2. rewrite inner_sub_l.
  set (v := sub _ _). rewrite !(inner_CM s _ (fun _ => v) w Hw (determined_constant s v)).
  rewrite <- (CE_tower s t (fun w => inner (X w) v) w Hst).
  rewrite (CE_equal s (fun w => inner (CM t X w) v) (CE t (fun w => inner (X w) v))); [ring|].
  intros z Hz. now rewrite (inner_CM t _ (fun _ => v) z Hz (determined_constant t v)).
Qed.

(** Given nothing, E[X | 0] is E X. *)
Lemma CE_at_the_start X w : CE 0 X w = E law X.
Proof.
  unfold CE, chance. rewrite (E_equal law (fun w' => indicator (same 0 w w'))
    (fun _ => 1)), E_const.
  - rewrite (E_equal law _ X); [unfold Rdiv; rewrite Rinv_1; ring|].
    intros z _. unfold same. rewrite (nothing_at_the_start w z).
    destruct (label_eq _ _); [cbn; ring | congruence].
  - intros z _. unfold same. now rewrite (nothing_at_the_start w z); destruct (label_eq _ _).
Qed.
End Laws.
