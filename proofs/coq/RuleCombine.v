(** * The certificate rule of the kernel is sound: combine

    A theorem G |- C of the proof kernel is read on a finite probability space with a filtration
    (Filtration.v): if every hypothesis holds at every outcome of positive probability, so does the
    conclusion ([sequent]).

    combine: if D (r - l) = sum_j c_j prod_i f_ji at every outcome, where each factor's sign is
    known from a premise (gaps of inequalities, reciprocals of strict gaps, squares, multiples of
    equations) and D is a product of strict gaps, then
      l <= r  if every row has a positive coefficient or a zero factor;
      l < r   if moreover one row has positive factors only;
      l = r   if every row has a zero factor; likewise for vectors.

    The other rules are in Rules.v. *)

From Coq Require Import Reals Lra List.
From Shrinkproof Require Import Vectors Probability Filtration.
Import ListNotations.
Open Scope R_scope.

Section Combination.
Context {O : Filtered} {V : Space}.

(** Random numbers, random vectors, and propositions about an outcome. *)
Notation Scalar := (Outcome O -> R).
Notation Vector := (Outcome O -> V).
Definition Prop_ : Type := Outcome O -> Prop.
Implicit Types (G : list Prop_) (C : Prop_) (l r : Scalar).

Definition everywhere (A : Prop_) : Prop := forall w, outcome w -> A w.
Definition sequent (G : list Prop_) (C : Prop_) : Prop :=
  (forall A, In A G -> everywhere A) -> everywhere C.

Definition le l r : Prop_ := fun w => l w <= r w.
Definition lt l r : Prop_ := fun w => l w < r w.
Definition eq l r : Prop_ := fun w => l w = r w.
Definition veq (x y : Vector) : Prop_ := fun w => x w = y w.
Definition all {T : Type} (P : T -> Prop_) : Prop_ := fun w => forall x, P x w.

(** A factor and what its premise says of it. *)
Inductive factor :=
  | Gap l r                                  (* of a premise l <= r *)
  | StrictGap l r                            (* of a premise l < r *)
  | Recip l r                                (* 1/(r - l), of a premise l < r *)
  | Square (s : Scalar)
  | VSquare (x : Vector)                     (* <x, x> *)
  | Times (m : Scalar) l r                   (* m (r - l), of a premise l = r *)
  | VTimes (m : Vector) (x y : Vector).      (* <m, y - x>, of a premise x = y *)

Inductive sign := Positive | Nonnegative | Zero.

Definition premise (f : factor) : Prop_ :=
  match f with
  | Gap l r => le l r
  | StrictGap l r | Recip l r => lt l r
  | Square _ | VSquare _ => fun _ => True
  | Times _ l r => eq l r
  | VTimes _ x y => veq x y
  end.

Definition factor_value (f : factor) : Scalar := fun w =>
  match f with
  | Gap l r | StrictGap l r => r w - l w
  | Recip l r => / (r w - l w)
  | Square s => s w ^ 2
  | VSquare x => inner (x w) (x w)
  | Times m l r => m w * (r w - l w)
  | VTimes m x y => inner (m w) (y w - x w)
  end.

Definition factor_sign (f : factor) : sign :=
  match f with
  | StrictGap _ _ | Recip _ _ => Positive
  | Gap _ _ | Square _ | VSquare _ => Nonnegative
  | Times _ _ _ | VTimes _ _ _ => Zero
  end.

Definition has_sign (x : R) (s : sign) : Prop :=
  match s with Positive => 0 < x | Nonnegative => 0 <= x | Zero => x = 0 end.

Lemma factor_has_sign f w : premise f w -> has_sign (factor_value f w) (factor_sign f).
Proof.
  destruct f; cbn; unfold le, lt, eq, veq; intros P.
  - lra.
  - lra.
  - apply Rinv_0_lt_compat. lra.
  - apply pow2_ge_0.
  - apply inner_nonneg.
  - rewrite P. ring.
  - rewrite P. replace (y w - y w)%V with (0 : V)%V by vector_ring. apply inner_zero_r.
Qed.

(** A row: a rational and a product of factors. *)
Definition row : Type := (R * list factor)%type.
Fixpoint product (fs : list factor) (w : Outcome O) : R :=
  match fs with [] => 1 | f :: fs => factor_value f w * product fs w end.
Fixpoint combination (rows : list row) (w : Outcome O) : R :=
  match rows with [] => 0 | rw :: rows => fst rw * product (snd rw) w + combination rows w end.

Definition some_zero (fs : list factor) : Prop := exists f, In f fs /\ factor_sign f = Zero.
Definition all_positive (fs : list factor) : Prop := forall f, In f fs -> factor_sign f = Positive.

(** A row may be used for an inequality: a factor is zero, or its coefficient is positive. *)
Definition usable (rw : row) : Prop := some_zero (snd rw) \/ 0 < fst rw.

Definition justified G (rows : list row) : Prop :=
  forall rw f, In rw rows -> In f (snd rw) -> sequent G (premise f).

Lemma product_nonneg fs w :
  (forall f, In f fs -> premise f w) -> ~ some_zero fs -> 0 <= product fs w.
Proof.
  induction fs as [| f fs IH]; intros P N; cbn; [lra|].
  assert (S := factor_has_sign f w (P f (or_introl eq_refl))).
  assert (rest : 0 <= product fs w).
  { apply IH; [intros; apply P; now right |]. intros (x & Hx & Z). apply N. exists x.
    split; [now right | exact Z]. }
  apply Rmult_le_pos; [| exact rest].
  destruct (factor_sign f) eqn:E; cbn in S; [lra | lra |]. exfalso. apply N. exists f.
  split; [now left | exact E].
Qed.

Lemma product_positive fs w :
  (forall f, In f fs -> premise f w) -> all_positive fs -> 0 < product fs w.
Proof.
  induction fs as [| f fs IH]; intros P N; cbn; [lra|].
  assert (S := factor_has_sign f w (P f (or_introl eq_refl))).
  rewrite (N f (or_introl eq_refl)) in S.
  apply Rmult_lt_0_compat; [exact S | apply IH;
    [intros; apply P; now right | intros x Hx; apply N; now right]].
Qed.

Lemma product_zero fs w :
  (forall f, In f fs -> premise f w) -> some_zero fs -> product fs w = 0.
Proof.
  intros P (f & Hf & Z). induction fs as [| x fs IH]; [contradiction|]. cbn.
  destruct Hf as [-> | Hf].
  - assert (S := factor_has_sign f w (P f (or_introl eq_refl))). rewrite Z in S. cbn in S.
    rewrite S. ring.
  - rewrite IH; [ring | intros; apply P; now right | exact Hf].
Qed.

Lemma zero_or_not fs : some_zero fs \/ ~ some_zero fs.
Proof.
  induction fs as [| f fs IH]; [right; intros (x & [] & _)|].
  destruct (factor_sign f) eqn:E; [| | left; exists f; split; [now left | exact E]].
  all: destruct IH as [(x & Hx & Z) | N];
    [left; exists x; split; [now right | exact Z] | right; intros (x & [<- | Hx] & Z);
      [congruence | eauto]].
  all: apply N; exists x; auto.
Qed.

Lemma row_nonneg rw w :
  (forall f, In f (snd rw) -> premise f w) -> usable rw -> 0 <= fst rw * product (snd rw) w.
Proof.
  intros P U. destruct (zero_or_not (snd rw)) as [Z | N].
  - rewrite product_zero by assumption. lra.
  - destruct U as [Z | C]; [contradiction|]. apply Rmult_le_pos; [lra | now apply product_nonneg].
Qed.

Lemma combination_nonneg rows w :
  (forall rw f, In rw rows -> In f (snd rw) -> premise f w) ->
  (forall rw, In rw rows -> usable rw) -> 0 <= combination rows w.
Proof.
  induction rows as [| rw rows IH]; intros P U; cbn; [lra|].
  apply Rplus_le_le_0_compat.
  - apply row_nonneg; [intros; now apply (P rw); [left|] | apply U; now left].
  - apply IH; intros; [eapply P; [right; eassumption | assumption] | apply U; now right].
Qed.

Lemma combination_positive rows w :
  (forall rw f, In rw rows -> In f (snd rw) -> premise f w) ->
  (forall rw, In rw rows -> usable rw) ->
  (exists rw, In rw rows /\ 0 < fst rw /\ all_positive (snd rw)) -> 0 < combination rows w.
Proof.
  induction rows as [| rw rows IH]; intros P U (x & Hx & Cx & Px); [contradiction|]. cbn.
  assert (rest : 0 <= combination rows w).
  { apply combination_nonneg; intros; [eapply P; [right; eassumption | assumption] | apply U;
      now right]. }
  assert (first : 0 <= fst rw * product (snd rw) w).
  { apply row_nonneg; [intros; now apply (P rw); [left|] | apply U; now left]. }
  destruct Hx as [-> | Hx].
  - assert (0 < fst x * product (snd x) w); [| lra].
    apply Rmult_lt_0_compat; [exact Cx | apply product_positive;
      [intros; now apply (P x); [left|] | exact Px]].
  - assert (0 < combination rows w); [| lra].
    apply IH; [intros; eapply P; [right; eassumption | assumption] | intros; apply U;
      now right | now exists x].
Qed.

Lemma combination_zero rows w :
  (forall rw f, In rw rows -> In f (snd rw) -> premise f w) ->
  (forall rw, In rw rows -> some_zero (snd rw)) -> combination rows w = 0.
Proof.
  induction rows as [| rw rows IH]; intros P U; cbn; [reflexivity|].
  rewrite product_zero, IH; [ring | | | |].
  - intros; eapply P; [right; eassumption | assumption].
  - intros; apply U; now right.
  - intros; now apply (P rw); [left|].
  - apply U; now left.
Qed.

(** D (r - l) = sum of the rows, D a product of strict gaps (1 if none), gives l <= r; l < r where
    one row is positive; l = r where every row has a zero factor. *)
Section Combine.
Context {G : list Prop_} {rows : list row} {scale nonzero : list factor} {l r : Scalar}.
Hypothesis premises : justified G rows.
Hypothesis scale_premises : forall f, In f scale -> sequent G (premise f).
Hypothesis scale_positive : all_positive scale.
Hypothesis nonzero_premises : forall f, In f nonzero -> sequent G (premise f).
Hypothesis nonzero_positive : all_positive nonzero.

(** The identity may use that the gaps listed in [nonzero] are not zero. *)
Definition not_zero (w : Outcome O) : Prop := forall f, In f nonzero -> factor_value f w <> 0.
Hypothesis identity : forall w, not_zero w -> product scale w * (r w - l w) = combination rows w.

Lemma gaps_not_zero (HG : forall A, In A G -> everywhere A) w : outcome w -> not_zero w.
Proof.
  intros Hw f Hf. assert (S := factor_has_sign f w (nonzero_premises f Hf HG w Hw)).
  rewrite (nonzero_positive f Hf) in S. cbn in S. lra.
Qed.

Theorem combine_le : (forall rw, In rw rows -> usable rw) -> sequent G (le l r).
Proof.
  intros U HG w Hw. assert (I := identity w (gaps_not_zero HG w Hw)).
  assert (S := product_positive scale w (fun f Hf => scale_premises f Hf HG w Hw) scale_positive).
  assert (N := combination_nonneg rows w (fun rw f H1 H2 => premises rw f H1 H2 HG w Hw) U).
  unfold le. destruct (Rle_lt_dec (l w) (r w)) as [L | L]; [exact L|]. nra.
Qed.

Theorem combine_lt :
  (forall rw, In rw rows -> usable rw) ->
  (exists rw, In rw rows /\ 0 < fst rw /\ all_positive (snd rw)) -> sequent G (lt l r).
Proof.
  intros U P HG w Hw. assert (I := identity w (gaps_not_zero HG w Hw)).
  assert (S := product_positive scale w (fun f Hf => scale_premises f Hf HG w Hw) scale_positive).
  assert (N := combination_positive rows w (fun rw f H1 H2 => premises rw f H1 H2 HG w Hw) U P).
  unfold lt. destruct (Rlt_le_dec (l w) (r w)) as [L | L]; [exact L|]. nra.
Qed.

Theorem combine_eq : (forall rw, In rw rows -> some_zero (snd rw)) -> sequent G (eq l r).
Proof.
  intros U HG w Hw. assert (I := identity w (gaps_not_zero HG w Hw)).
  assert (S := product_positive scale w (fun f Hf => scale_premises f Hf HG w Hw) scale_positive).
  assert (N := combination_zero rows w (fun rw f H1 H2 => premises rw f H1 H2 HG w Hw) U).
  rewrite N in I. unfold eq. apply Rmult_integral in I. lra.
Qed.

(** Equations of vectors: rows m (y - x) of premises x = y, with one factor each. *)
Fixpoint vector_combination (terms : list (Scalar * (Vector * Vector))) (w : Outcome O) : V :=
  match terms with
  | [] => 0%V
  | (m, (x, y)) :: terms => (m w * (y w - x w) + vector_combination terms w)%V
  end.

Theorem combine_veq (terms : list (Scalar * (Vector * Vector))) (x y : Vector) :
  (forall t, In t terms -> sequent G (veq (fst (snd t)) (snd (snd t)))) ->
  (forall w, not_zero w -> (product scale w * (y w - x w))%V = vector_combination terms w) ->
  sequent G (veq x y).
Proof.
  intros P I HG w Hw. specialize (I w (gaps_not_zero HG w Hw)).
  assert (S := product_positive scale w (fun f Hf => scale_premises f Hf HG w Hw) scale_positive).
  assert (Z : vector_combination terms w = 0%V).
  { clear I. induction terms as [| [m [x' y']] ts IH]; [reflexivity|]. cbn.
    rewrite IH by (intros; apply P; now right).
    assert (E := P (m, (x', y')) (or_introl eq_refl) HG w Hw). cbn in E. unfold veq in E. rewrite E.
    vector_ring. }
  rewrite Z in I. unfold veq. apply equal_of_distance_zero.
  apply Rmult_eq_reg_l with (product scale w ^ 2); [| apply pow_nonzero; lra].
  rewrite norm2_sub_sym, <- norm2_scale, I, norm2_zero. ring.
Qed.
End Combine.
End Combination.
