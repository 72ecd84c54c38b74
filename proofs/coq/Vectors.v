(** * Real inner-product spaces

    An abstract real inner-product space, and what every proof needs of it:

      - Cauchy-Schwarz:  <x, y>^2 <= |x|^2 |y|^2;
      - Young:           2 <x, y> <= t |x|^2 + |y|^2 / t   for t > 0;
      - two vectors are equal as soon as |x - y|^2 = 0, so that every equation of vectors
        is an identity of inner products.

    Instances: the real line, products, and R^d.  No dimension is assumed anywhere but there. *)

From Coq Require Import Reals Lra.
From Shrinkproof Require Import Sums.
Open Scope R_scope.

Record Space := {
  vector :> Type;
  zero : vector;
  add : vector -> vector -> vector;
  scale : R -> vector -> vector;
  inner : vector -> vector -> R;
  add_comm : forall x y, add x y = add y x;
  add_assoc : forall x y z, add x (add y z) = add (add x y) z;
  add_zero : forall x, add x zero = x;
  add_opposite : forall x, add x (scale (-1) x) = zero;
  scale_one : forall x, scale 1 x = x;
  scale_scale : forall a b x, scale a (scale b x) = scale (a * b) x;
  scale_add_l : forall a b x, scale (a + b) x = add (scale a x) (scale b x);
  scale_add_r : forall a x y, scale a (add x y) = add (scale a x) (scale a y);
  inner_sym : forall x y, inner x y = inner y x;
  inner_add_l : forall x y z, inner (add x y) z = inner x z + inner y z;
  inner_scale_l : forall a x z, inner (scale a x) z = a * inner x z;
  inner_nonneg : forall x, 0 <= inner x x;
  inner_definite : forall x, inner x x = 0 -> x = zero
}.

Arguments zero {_}.
Arguments add {_} _ _.
Arguments scale {_} _ _.
Arguments inner {_} _ _.

Definition sub {V : Space} (x y : V) : V := add x (scale (-1) y).
Definition norm2 {V : Space} (x : V) : R := inner x x.

Declare Scope vector_scope.
Delimit Scope vector_scope with V.
Bind Scope vector_scope with vector.
Notation "x + y" := (add x y) : vector_scope.
Notation "x - y" := (sub x y) : vector_scope.
Notation "a * x" := (scale a%R x) : vector_scope.
Notation "x / a" := (scale (/ a)%R x) : vector_scope.
Notation "0" := zero : vector_scope.

Section Laws.
Context {V : Space}.
Implicit Types x y z : V.

Lemma inner_add_r x y z : inner x (y + z) = inner x y + inner x z.
Proof. now rewrite inner_sym, inner_add_l, (inner_sym _ y x), (inner_sym _ z x). Qed.

Lemma inner_scale_r a x y : inner x (a * y) = a * inner x y.
Proof. now rewrite inner_sym, inner_scale_l, (inner_sym _ y x). Qed.

Lemma inner_zero_l x : inner 0%V x = 0.
Proof. rewrite <- (add_opposite _ x), inner_add_l, inner_scale_l. ring. Qed.

Lemma inner_zero_r x : inner x 0%V = 0.
Proof. now rewrite inner_sym, inner_zero_l. Qed.

Lemma inner_sub_l x y z : inner (x - y) z = inner x z - inner y z.
Proof. unfold sub. rewrite inner_add_l, inner_scale_l. ring. Qed.

Lemma inner_sub_r x y z : inner x (y - z) = inner x y - inner x z.
Proof. unfold sub. rewrite inner_add_r, inner_scale_r. ring. Qed.

Lemma norm2_nonneg x : 0 <= norm2 x.
Proof. apply inner_nonneg. Qed.

End Laws.

#[global] Hint Rewrite @inner_add_l @inner_add_r @inner_sub_l @inner_sub_r @inner_scale_l
  @inner_scale_r @inner_zero_l @inner_zero_r : inner.

(** Multiply out every inner product of the goal, and write <x, y> and <y, x> in one way. *)
Ltac symmetric_once :=
  match goal with
  | |- context [inner ?x ?y] =>
      match goal with
      | |- context [inner y x] => tryif constr_eq x y then fail else rewrite (inner_sym _ y x)
      end
  end.
Ltac expand := unfold norm2; autorewrite with inner; repeat symmetric_once.

Section Facts.
Context {V : Space}.
Implicit Types x y z : V.

Lemma equal_of_distance_zero x y : norm2 (x - y) = 0 -> x = y.
Proof.
  intros H. apply inner_definite in H.
  assert (E : (x - y + y)%V = x).
  { unfold sub. now rewrite <- add_assoc, (add_comm _ _ y), add_opposite, add_zero. }
  now rewrite <- E, H, add_comm, add_zero.
Qed.

End Facts.

(** An equation of vectors that holds in every inner-product space. *)
Ltac vector_ring := apply equal_of_distance_zero; expand; ring.
Ltac vector_field := apply equal_of_distance_zero; expand; field.

Section Inequalities.
Context {V : Space}.
Implicit Types x y z : V.

Lemma norm2_scale a x : norm2 (a * x) = a ^ 2 * norm2 x.
Proof. expand. ring. Qed.

Lemma norm2_sub_sym x y : norm2 (x - y) = norm2 (y - x).
Proof. expand. ring. Qed.

Lemma norm2_zero : norm2 (0 : V)%V = 0.
Proof. unfold norm2. apply inner_zero_l. Qed.

Lemma norm2_zero_iff x : norm2 x = 0 <-> x = 0%V.
Proof. split; [apply inner_definite | intros ->; apply norm2_zero]. Qed.

Lemma young (t : R) x y : 0 < t -> 2 * inner x y <= t * norm2 x + norm2 y / t.
Proof.
  intros Ht. assert (H := norm2_nonneg (t * x - y)). revert H. expand. intros H.
  apply Rmult_le_reg_l with t; [exact Ht|].
  replace (t * (t * inner x x + inner y y / t)) with (t * t * inner x x + inner y y);
    [lra | field; lra].
Qed.

Theorem cauchy_schwarz x y : inner x y ^ 2 <= norm2 x * norm2 y.
Proof.
  destruct (Req_dec (norm2 x) 0) as [H0 | H0].
  - rewrite H0. apply norm2_zero_iff in H0. rewrite H0, inner_zero_l. lra.
  - assert (Hx := norm2_nonneg x).
    assert (H := norm2_nonneg (inner x y * x - norm2 x * y)). revert H H0 Hx. expand. intros.
    apply Rmult_le_reg_l with (inner x x); lra.
Qed.

End Inequalities.

(** ** Instances *)

Definition point : Space.
Proof.
  refine {| vector := unit; zero := tt; add := fun _ _ => tt; scale := fun _ _ => tt;
            inner := fun _ _ => 0 |}; intros; repeat
              (match goal with x : unit |- _ => destruct x end);
    try reflexivity; lra.
Defined.

Definition line : Space.
Proof.
  refine {| vector := R; zero := 0; add := Rplus; scale := Rmult; inner := Rmult |};
    intros; try ring; try apply Rle_0_sqr; nra.
Defined.

Definition product (V W : Space) : Space.
Proof.
  refine {| vector := V * W; zero := (0%V, 0%V);
            add := fun x y => (add (fst x) (fst y), add (snd x) (snd y));
            scale := fun a x => (scale a (fst x), scale a (snd x));
            inner := fun x y => inner (fst x) (fst y) + inner (snd x) (snd y) |};
    intros; repeat (match goal with x : (_ * _)%type |- _ => destruct x end); cbn [fst snd];
    try (f_equal; vector_ring); try (expand; ring).
  - assert (H := inner_nonneg V v). assert (H' := inner_nonneg W v0). lra.
  - cbn [fst snd] in *. assert (Hv := inner_nonneg V v). assert (Hw := inner_nonneg W v0).
    f_equal; apply inner_definite; lra.
Defined.

(** R^d, as d-fold product of the line. *)
Fixpoint Rn (d : nat) : Space := match d with O => point | S m => product line (Rn m) end.

Fixpoint coordinate (d : nat) : Rn d -> nat -> R :=
  match d return Rn d -> nat -> R with
  | O => fun _ _ => 0
  | S m => fun x i => match i with O => fst x | S j => coordinate m (snd x) j end
  end.
Arguments coordinate {d} _ _.

(** The inner product of R^d is the usual one. *)
Lemma inner_by_coordinates d (x y : Rn d) :
  inner x y = sum d (fun i => coordinate x i * coordinate y i).
Proof.
  induction d as [| d IH]; [reflexivity|].
  destruct x as [x0 x], y as [y0 y]. rewrite sum_first. cbn - [sum]. now rewrite IH.
Qed.

Lemma coordinate_add d (x y : Rn d) i : coordinate (x + y)%V i = coordinate x i + coordinate y i.
Proof.
  revert i. induction d as [| d IH]; intros; [cbn; ring|].
  destruct x, y, i; cbn; [reflexivity | apply IH].
Qed.

Lemma coordinate_scale d a (x : Rn d) i : coordinate (a * x)%V i = a * coordinate x i.
Proof.
  revert i. induction d as [| d IH]; intros; [cbn; ring|].
  destruct x, i; cbn; [reflexivity | apply IH].
Qed.

Lemma coordinate_sub d (x y : Rn d) i : coordinate (x - y)%V i = coordinate x i - coordinate y i.
Proof. unfold sub. rewrite coordinate_add, coordinate_scale. ring. Qed.

Lemma coordinates_equal d (x y : Rn d) :
  (forall i, (i < d)%nat -> coordinate x i = coordinate y i) -> x = y.
Proof.
  induction d as [| d IH]; [now destruct x, y|]. destruct x as [a x], y as [b y]. intros H. f_equal.
  - exact (H O (Nat.lt_0_succ d)).
  - apply IH. intros i Hi. apply (H (S i)). now apply Nat.succ_lt_mono in Hi.
Qed.

(** A function of the reals, applied to each coordinate. *)
Fixpoint each_coordinate (f : R -> R) (d : nat) : Rn d -> Rn d :=
  match d return Rn d -> Rn d with
  | O => fun x => x
  | S m => fun x => (f (fst x), each_coordinate f m (snd x))
  end.
Arguments each_coordinate f {d} _.

Lemma coordinate_each f d (x : Rn d) i :
  (i < d)%nat -> coordinate (each_coordinate f x) i = f (coordinate x i).
Proof.
  revert i. induction d as [| d IH]; intros i Hi; [inversion Hi|].
  destruct x, i; cbn; [reflexivity | apply IH; now apply Nat.succ_lt_mono].
Qed.
