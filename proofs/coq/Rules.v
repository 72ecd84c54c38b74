(** * The kernel's rules are sound, one by one

    For each rule of the proof kernel, the theorem that justifies it, under the conditions that the
    rule checks.  A theorem G |- C is read on a finite probability space with a filtration: if every
    hypothesis holds at every outcome of positive probability, so does the conclusion ([sequent]).
    Symbols are Coq variables: a theorem with free symbols is a family of sequents, one for each of
    their values, and "x is not free in G" means that G does not depend on that variable.

      combine      RuleCombine.v
      assume, cut, rewrite, cases, specialise, generalise, instantiate, induct    this file
      expect       with what a stage determines (Filtration.v): the laws by which a goal may differ
      unfold, root, integrate                                                     this file

    Also: [cases] needs deterministic sides, and a factor that the stage does not determine must
    not be pulled out of an expectation; both by counterexample. *)

From Coq Require Import Reals Lra List Lia.
From Shrinkproof Require Import Sums Vectors Probability Smooth Filtration RuleCombine NoisyRuns.
Import ListNotations.
Open Scope R_scope.

Section Rules.
Context {O : Filtered} {V : Space}.
Notation Scalar := (Outcome O -> R).
Notation Vector := (Outcome O -> V).
Notation Proposition := (Prop_ (O := O)).
Implicit Types (G : list Proposition) (A B C : Proposition) (l r : Scalar).

(** ** assume, cut *)

Theorem assume A : sequent [A] A.
Proof. intros H. apply H. now left. Qed.

Theorem cut G G' A C : sequent G A -> sequent (A :: G') C -> sequent (G ++ G') C.
Proof.
  intros S T U. apply T. intros B [<- | HB].
  - apply S. intros D HD. apply U, in_or_app. now left.
  - apply U, in_or_app. now right.
Qed.

(** More hypotheses do no harm. *)

(** ** Quantifiers: specialise, generalise, instantiate *)

(** forall x. P(x), x of any kind: a number, a vector, an index, a random variable. *)
Definition all {T : Type} (P : T -> Proposition) : Proposition := fun w => forall x, P x w.

Theorem specialise {T} G (P : T -> Proposition) t : sequent G (all P) -> sequent G (P t).
Proof. intros S U w Hw. now apply (S U w Hw). Qed.

Theorem generalise {T} G (P : T -> Proposition) : (forall x, sequent G (P x)) -> sequent G (all P).
Proof. intros S U w Hw x. now apply (S x U w Hw). Qed.

(** A theorem holds for all values of its free symbols, in the hypotheses too. *)
Theorem instantiate {T} (G : T -> list Proposition) (P : T -> Proposition) t :
  (forall x, sequent (G x) (P x)) -> sequent (G t) (P t).
Proof. auto. Qed.

(** ** induct: k occurs in no hypothesis of the step but P(k) *)

Theorem induct G G' (P : nat -> Proposition) :
  sequent G (P 0%nat) -> (forall k, sequent (P k :: G') (P (S k))) -> sequent (G ++ G') (all P).
Proof.
  intros Base Step U w Hw k. revert w Hw. change (everywhere (P k)).
  induction k as [| k IH].
  - apply Base. intros A HA. apply U, in_or_app. now left.
  - apply (Step k). intros A [<- | HA]; [exact IH | apply U, in_or_app; now right].
Qed.

(** ** cases: the sides are deterministic *)

Theorem cases G G' (a b : R) C :
  sequent ((fun _ => a < b) :: G) C -> sequent ((fun _ => b <= a) :: G') C -> sequent (G ++ G') C.
Proof.
  intros S T U. destruct (Rlt_le_dec a b) as [H | H].
  - apply S. intros A [<- | HA]; [now intros w _ | apply U, in_or_app; now left].
  - apply T. intros A [<- | HA]; [now intros w _ | apply U, in_or_app; now right].
Qed.

(** ** expect *)

Theorem expect_le G s l r : sequent G (le l r) -> sequent G (le (CE s l) (CE s r)).
Proof. intros S U w Hw. apply CE_monotone; [exact Hw|]. exact (S U). Qed.

Theorem expect_eq G s l r : sequent G (eq l r) -> sequent G (eq (CE s l) (CE s r)).
Proof. intros S U w _. apply CE_equal. exact (S U). Qed.

Theorem expect_veq G s (x y : Vector) : sequent G (veq x y) -> sequent G (veq (CM s x) (CM s y)).
Proof. intros S U w _. apply CM_equal. exact (S U). Qed.

(** The laws by which the goal of [expect] may differ: equations that need no hypothesis. *)
Theorem expectation_is_linear s (a b : R) l r :
  sequent [] (eq (CE s (fun w => a * l w + b * r w)) (fun w => a * CE s l w + b * CE s r w)).
Proof. intros _ w _. apply CE_linear. Qed.

Theorem determined_factor_comes_out s (c l : Scalar) :
  determined s c -> sequent [] (eq (CE s (fun w => c w * l w)) (fun w => c w * CE s l w)).
Proof. intros D _ w Hw. now apply CE_pull_out. Qed.

Theorem determined_vector_comes_out s (x y : Vector) :
  determined s y -> sequent [] (eq (CE s (fun w => inner (x w) (y w))) (fun w => inner (CM s x w) (y w))).
Proof. intros D _ w Hw. symmetry. now apply inner_CM. Qed.

Theorem determined_is_its_expectation s l : determined s l -> sequent [] (eq (CE s l) l).
Proof. intros D _ w Hw. now apply CE_determined. Qed.

Theorem tower s t l : (s <= t)%nat -> sequent [] (eq (CE s (CE t l)) (CE s l)).
Proof. intros H _ w _. now apply CE_tower. Qed.

Theorem tower_of_vectors s t (x : Vector) : (s <= t)%nat -> sequent [] (veq (CM s (CM t x)) (CM s x)).
Proof. intros H _ w Hw. now apply CM_tower. Qed.

(** What is determined: constants; at a later stage, what is at an earlier one; expectations given
    the stage; every operation on what is determined (sums, products, powers, inner products, values
    and gradients of functions). *)
Theorem what_is_determined s :
  (forall c : R, determined (O := O) s (fun _ => c)) /\
  (forall t (l : Scalar), (t <= s)%nat -> determined t l -> determined s l) /\
  (forall l : Scalar, determined s (CE s l)) /\
  (forall x : Vector, determined s (CM s x)) /\
  (forall n (F : nat -> Scalar), (forall i, (i < n)%nat -> determined s (F i)) ->
     determined s (fun w => sum n (fun i => F i w))) /\
  (forall (f : R -> R) (l : Scalar), determined s l -> determined s (fun w => f (l w))) /\
  (forall (f : R -> R -> R) (l r : Scalar),
     determined s l -> determined s r -> determined s (fun w => f (l w) (r w))) /\
  (forall (F : V -> R) (x : Vector), determined s x -> determined s (fun w => F (x w))) /\
  (forall (F : V -> V) (x : Vector), determined s x -> determined s (fun w => F (x w))) /\
  (forall x y : Vector, determined s x -> determined s y -> determined s (fun w => inner (x w) (y w))).
Proof.
  repeat split; intros; eauto using determined_constant, determined_later, determined_CE,
    determined_CM, determined_sum,
    (@determined_function O), (@determined_function_2 O).
Qed.

(** ** rewrite *)

(** What a proposition says of a random variable depends only on the latter's values at outcomes. *)
Definition respectful {T} (C : (Outcome O -> T) -> Proposition) : Prop :=
  forall a b, (forall w, outcome w -> a w = b w) -> everywhere (C a) -> everywhere (C b).

Theorem rewrite_scalars G G' (C : Scalar -> Proposition) a b :
  respectful C -> sequent G (C a) -> sequent G' (eq a b) -> sequent (G ++ G') (C b).
Proof.
  intros R S T U. apply (R a b).
  - apply T. intros A HA. apply U, in_or_app. now right.
  - apply S. intros A HA. apply U, in_or_app. now left.
Qed.

Theorem rewrite_vectors G G' (C : Vector -> Proposition) a b :
  respectful C -> sequent G (C a) -> sequent G' (veq a b) -> sequent (G ++ G') (C b).
Proof.
  intros R S T U. apply (R a b).
  - apply T. intros A HA. apply U, in_or_app. now right.
  - apply S. intros A HA. apply U, in_or_app. now left.
Qed.

(** Every term is respectful: what is pointwise, and expectations. *)
Definition extensional {T U} (f : (Outcome O -> T) -> Outcome O -> U) : Prop :=
  forall a b, (forall w, outcome w -> a w = b w) -> forall w, outcome w -> f a w = f b w.

Lemma extensional_constant {T U} (c : Outcome O -> U) : extensional (fun _ : Outcome O -> T => c).
Proof. now intros a b _ w _. Qed.

Lemma extensional_itself {T} : extensional (fun a : Outcome O -> T => a).
Proof. now intros a b H. Qed.

Lemma extensional_pointwise {T U W} (f : U -> W) (g : (Outcome O -> T) -> Outcome O -> U) :
  extensional g -> extensional (fun a w => f (g a w)).
Proof. intros E a b H w Hw. now rewrite (E a b H w Hw). Qed.

Lemma extensional_pointwise_2 {T U U' W} (f : U -> U' -> W)
  (g : (Outcome O -> T) -> Outcome O -> U) (g' : (Outcome O -> T) -> Outcome O -> U') :
  extensional g -> extensional g' -> extensional (fun a w => f (g a w) (g' a w)).
Proof. intros E E' a b H w Hw. now rewrite (E a b H w Hw), (E' a b H w Hw). Qed.

Lemma extensional_CE {T} s (g : (Outcome O -> T) -> Scalar) :
  extensional g -> extensional (fun a => CE s (g a)).
Proof. intros E a b H w _. apply CE_equal. now apply E. Qed.

Lemma extensional_CM {T} s (g : (Outcome O -> T) -> Vector) :
  extensional g -> extensional (fun a => CM s (g a)).
Proof. intros E a b H w _. apply CM_equal. now apply E. Qed.

Theorem relations_are_respectful {T} (f g : (Outcome O -> T) -> Scalar) :
  extensional f -> extensional g ->
  respectful (fun a => le (f a) (g a)) /\ respectful (fun a => lt (f a) (g a)) /\
  respectful (fun a => eq (f a) (g a)).
Proof.
  intros E E'. repeat split; intros a b H P w Hw; specialize (P w Hw);
    unfold le, lt, eq in *; now rewrite <- (E a b H w Hw), <- (E' a b H w Hw).
Qed.

(** ** unfold, root *)

Theorem unfold_sum_0 (d : nat -> Scalar) :
  sequent [] (eq (fun w => sum 0 (fun i => d i w)) (fun _ => 0)).
Proof. now intros _ w _. Qed.

Theorem unfold_sum_S n (d : nat -> Scalar) :
  sequent [] (eq (fun w => sum (S n) (fun i => d i w)) (fun w => sum n (fun i => d i w) + d n w)).
Proof. now intros _ w _. Qed.

Theorem unfold_prod_0 (d : nat -> Scalar) :
  sequent [] (eq (fun w => prod 0 (fun i => d i w)) (fun _ => 1)).
Proof. now intros _ w _. Qed.

Theorem unfold_prod_S n (d : nat -> Scalar) :
  sequent [] (eq (fun w => prod (S n) (fun i => d i w)) (fun w => prod n (fun i => d i w) * d n w)).
Proof. now intros _ w _. Qed.

Theorem unfold_power_0 l : sequent [] (eq (fun w => l w ^ 0) (fun _ => 1)).
Proof. now intros _ w _. Qed.

Theorem unfold_power_S n l : sequent [] (eq (fun w => l w ^ S n) (fun w => l w ^ n * l w)).
Proof. intros _ w _. unfold eq. cbn. ring. Qed.

Theorem unfold_max l r :
  sequent [] (le l (fun w => Rmax (l w) (r w))) /\ sequent [] (le r (fun w => Rmax (l w) (r w))).
Proof. split; intros _ w _; [apply Rmax_l | apply Rmax_r]. Qed.

Theorem unfold_number n : sequent (O := O) [] (le (fun _ => 0) (fun _ => INR n)).
Proof. intros _ w _. apply pos_INR. Qed.

Theorem unfold_sqrt l : sequent [] (le (fun _ => 0) (fun w => sqrt (l w))).
Proof. intros _ w _. apply sqrt_pos. Qed.

Theorem root G l : sequent G (le (fun _ => 0) l) -> sequent G (eq (fun w => sqrt (l w) ^ 2) l).
Proof. intros S U w Hw. apply pow2_sqrt. now apply (S U w Hw). Qed.

(** ** integrate: p is a polynomial in t, t occurs in no hypothesis but 0 < t and t < 1 *)

(** c_0 + c_1 t + ... + c_n t^n, and its integral from 0 to t. *)
Definition polynomial (n : nat) (c : nat -> R) (t : R) : R := sum (S n) (fun i => c i * t ^ i).
Definition integral (n : nat) (c : nat -> R) (t : R) : R :=
  sum (S n) (fun i => c i * t ^ S i / INR (S i)).

Lemma integral_derivative n c t : derivable_pt_lim (integral n c) t (polynomial n c t).
Proof.
  assert (term : forall i, derivable_pt_lim (fun t => c i * t ^ S i / INR (S i)) t (c i * t ^ i)).
  { intros i. assert (I : INR (S i) <> 0) by (apply not_0_INR; discriminate).
    apply (derivable_pt_lim_ext (fun t => c i / INR (S i) * t ^ S i)); [intros; field; exact I|].
    replace (c i * t ^ i) with (c i / INR (S i) * (INR (S i) * t ^ i)) by (field; exact I).
    apply derivable_pt_lim_scal, (derivable_pt_lim_pow t (S i)). }
  unfold integral, polynomial. induction (S n) as [| m IH]; [apply (derivable_pt_lim_const 0)|].
  apply (derivable_pt_lim_plus (fun t => sum m _) (fun t => c m * t ^ S m / INR (S m)));
    [exact IH | apply term].
Qed.

Theorem integrate G (F : Objective V) (x y : Vector) n (c : nat -> Scalar) :
  (forall t : R, sequent ((fun _ => 0 < t) :: (fun _ => t < 1) :: G)
     (le (fun w => inner (grad F (x w + t * y w)%V) (y w)) (fun w => polynomial n (fun i => c i w) t))) ->
  sequent G (le (fun w => F (x w + y w)%V - F (x w)) (fun w => integral n (fun i => c i w) 1)).
Proof.
  intros S U w Hw. unfold le.
  replace (integral n (fun i => c i w) 1) with (integral n (fun i => c i w) 1 - integral n
    (fun i => c i w) 0).
  - apply (integrate_slope F (grad F) (polynomial n (fun i => c i w))).
    + apply grad_is_gradient.
    + intros t. apply integral_derivative.
    + intros t [t0 t1]. apply (S t); [| exact Hw]. intros A [<- | [<- | HA]].
      * now intros w' _.
      * now intros w' _.
      * now apply U.
  - assert (Z : integral n (fun i => c i w) 0 = 0); [| lra].
    unfold integral. rewrite (sum_ext _ _ (fun _ => 0)), sum_const; [ring|].
    intros i _. rewrite pow_i by lia. unfold Rdiv. ring.
Qed.
End Rules.

(** ** Why the conditions are there *)

(** One fair coin; nothing is known before it falls. *)
Lemma seen_or_not : forall s (w w' : bool),
  (fun s w => match s with O => 0%nat | S _ => if w : bool then 1%nat else 0%nat end) (S s) w
  = (fun s w => match s with O => 0%nat | S _ => if w : bool then 1%nat else 0%nat end) (S s) w' ->
  (fun s w => match s with O => 0%nat | S _ => if w : bool then 1%nat else 0%nat end) s w
  = (fun s w => match s with O => 0%nat | S _ => if w : bool then 1%nat else 0%nat end) s w'.
Proof. now intros [| s] [] []. Qed.

Definition one_coin : Filtered :=
  {| Outcome := bool; law := coin true false; Label := nat; label_eq := Nat.eq_dec;
     view := fun s w => match s with O => 0%nat | S _ => if w then 1%nat else 0%nat end;
     nothing_at_the_start := fun _ _ => eq_refl; later_sees_more := seen_or_not |}.

Definition face (w : Outcome one_coin) : R := if w : bool then 1 else -1.

(** A factor that the stage does not determine must not be pulled out: E[X X] = 1, X E[X] = 0. *)
Theorem undetermined_factors_stay_inside (w : Outcome one_coin) :
  CE 0 (fun w => face w * face w) w = 1 /\ face w * CE 0 face w = 0.
Proof. rewrite !CE_at_the_start. cbn [law one_coin]. rewrite !E_coin. cbn. lra. Qed.

(** [cases] is unsound for random sides: X < 0 everywhere, and X >= 0 everywhere, both imply what is
    false, and neither holds everywhere. *)
Theorem cases_needs_deterministic_sides :
  sequent (O := one_coin) [lt face (fun _ => 0)] (fun _ => False) /\
  sequent (O := one_coin) [le (fun _ => 0) face] (fun _ => False) /\
  ~ sequent (O := one_coin) [] (fun _ => False).
Proof.
  assert (T : outcome (O := one_coin) true) by (exists (1 / 2); cbn; split; [now left | lra]).
  assert (F : outcome (O := one_coin) false) by (exists (1 - 1 / 2); cbn; split;
    [right; now left | lra]).
  repeat split.
  - intros H w _. assert (A := H _ (or_introl eq_refl) true T). unfold lt in A. cbn in A. lra.
  - intros H w _. assert (A := H _ (or_introl eq_refl) false F). unfold le in A. cbn in A. lra.
  - intros S. apply (S (fun A (H : In A []) => match H with end) true T).
Qed.
