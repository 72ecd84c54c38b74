(** * Finite probability distributions

    A distribution is a finite list of (weight, outcome) with nonnegative weights that sum to 1.
    [E d f] is the mean of the number f, [M d f] that of the vector f; outcomes of weight 0 do
    not count ([possible]).  Results:

      - E is linear, monotone, and E of a constant is the constant;
      - the tower rule: E over [bind d k] is E over d of E over k;
      - <M f, v> = E <f, v>;
      - bias and variance: E |X|^2 = |M X|^2 + E |X - M X|^2. *)

From Coq Require Import Reals Lra List.
From Shrinkproof Require Import Sums Vectors.
Import ListNotations.
Open Scope R_scope.

Section Weighted.
Context {A : Type}.
Implicit Types l : list (R * A).

Fixpoint total l (f : A -> R) : R :=
  match l with [] => 0 | pa :: l => fst pa * f (snd pa) + total l f end.

Lemma total_app l m f : total (l ++ m) f = total l f + total m f.
Proof. induction l as [| a l IH]; cbn; [ring|]. rewrite IH. ring. Qed.

Lemma total_scale p l f :
  total (map (fun pa => (p * fst pa, snd pa)) l) f = p * total l f.
Proof. induction l as [| a l IH]; cbn; [ring|]. rewrite IH. ring. Qed.

Lemma total_linear l a b f g : total l (fun x => a * f x + b * g x) = a * total l f + b * total l g.
Proof. induction l as [| x l IH]; cbn; [ring|]. rewrite IH. ring. Qed.

Lemma total_le l f g :
  (forall p a, In (p, a) l -> 0 <= p) ->
  (forall p a, In (p, a) l -> 0 < p -> f a <= g a) -> total l f <= total l g.
Proof.
  induction l as [| [p a] l IH]; intros Hp H; cbn in *; [lra|].
  apply Rplus_le_compat; [| apply IH; eauto].
  destruct (Hp p a (or_introl eq_refl)) as [P | <-].
  - apply Rmult_le_compat_l; [lra | eapply H; eauto].
  - lra.
Qed.

End Weighted.

Record dist (A : Type) := {
  weighted : list (R * A);
  weights_nonneg : forall p a, In (p, a) weighted -> 0 <= p;
  weights_total : total weighted (fun _ => 1) = 1
}.

Arguments weighted {_} _.
Arguments weights_nonneg {_} _ {p a} _.
Arguments weights_total {_} _.

Definition possible {A} (d : dist A) (a : A) : Prop := exists p, In (p, a) (weighted d) /\ 0 < p.

Definition E {A} (d : dist A) (f : A -> R) : R := total (weighted d) f.

Definition M {A} {V : Space} (d : dist A) (f : A -> V) : V :=
  fold_right (fun pa s => fst pa * f (snd pa) + s)%V 0%V (weighted d).

Section Expectation.
Context {A : Type}.
Implicit Types (d : dist A) (f g : A -> R).

Lemma E_monotone d f g : (forall a, possible d a -> f a <= g a) -> E d f <= E d g.
Proof.
  intros H. apply total_le; [apply weights_nonneg|]. intros p a Ha Hp. apply H. now exists p.
Qed.

Lemma E_equal d f g : (forall a, possible d a -> f a = g a) -> E d f = E d g.
Proof. intros H. apply Rle_antisym; apply E_monotone; intros a Ha; rewrite (H a Ha); lra. Qed.

Lemma E_linear d a b f g : E d (fun x => a * f x + b * g x) = a * E d f + b * E d g.
Proof. apply total_linear. Qed.

Lemma E_const d a : E d (fun _ => a) = a.
Proof.
  rewrite (E_equal d (fun _ => a) (fun _ => a * 1 + 0 * 1)); [| intros; ring].
  rewrite E_linear. unfold E. rewrite weights_total. ring.
Qed.

Lemma E_add d f g : E d (fun x => f x + g x) = E d f + E d g.
Proof. rewrite <- (Rmult_1_l (E d f)), <- (Rmult_1_l (E d g)), <- E_linear.
now apply E_equal; intros; ring. Qed.

Lemma E_scale d a f : E d (fun x => a * f x) = a * E d f.
Proof. rewrite <- (Rplus_0_r (a * E d f)), <- (Rmult_0_l (E d f)), <- E_linear.
now apply E_equal; intros; ring. Qed.

Lemma E_sub d f g : E d (fun x => f x - g x) = E d f - E d g.
Proof.
  rewrite <- (Rmult_1_l (E d f)) at 1. unfold Rminus.
  rewrite <- (Rmult_1_l (E d g)), Ropp_mult_distr_l.
  rewrite <- E_linear. apply E_equal; intros; ring.
Qed.

Lemma E_sum d n (F : nat -> A -> R) : E d (fun x => sum n (fun i => F i x)) = sum n (fun i => E d (F i)).
Proof. induction n as [| n IH]; cbn [sum]; [apply E_const|]. now rewrite E_add, IH. Qed.

Lemma E_nonneg d f : (forall a, possible d a -> 0 <= f a) -> 0 <= E d f.
Proof. intros H. rewrite <- (E_const d 0). now apply E_monotone. Qed.

Lemma E_at_most d f c : (forall a, possible d a -> f a <= c) -> E d f <= c.
Proof. intros H. rewrite <- (E_const d c). now apply E_monotone. Qed.

(** Some outcome is possible. *)
Lemma some_possible d : exists a, possible d a.
Proof.
  destruct d as [l Hl T]. unfold possible. cbn. clear -Hl T.
  assert (H : 0 < total l (fun _ => 1)) by lra. clear T.
  induction l as [| [p a] l IH]; cbn in H; [lra|].
  destruct (Hl p a (or_introl eq_refl)) as [Hp | <-].
  - exists a, p. split; [now left | exact Hp].
  - destruct IH as (b & r & Hr & Hr'); [intros; eapply Hl; right; eassumption | lra |].
    exists b, r. split; [now right | exact Hr'].
Qed.

End Expectation.

(** ** Means of vectors *)
Section Mean.
Context {A : Type} {V : Space}.
Implicit Types (d : dist A) (f g : A -> V) (v : V).

Lemma inner_M d f v : inner (M d f) v = E d (fun a => inner (f a) v).
Proof.
  unfold E, M. induction (weighted d) as [| [p a] l IH]; cbn; [apply inner_zero_l|].
  now rewrite inner_add_l, inner_scale_l, IH.
Qed.

Lemma inner_M_r d f v : inner v (M d f) = E d (fun a => inner v (f a)).
Proof. rewrite inner_sym, inner_M. apply E_equal. intros. apply inner_sym. Qed.

(** M f is the vector whose inner product with any v is E <f, v>. *)
Lemma M_unique d f m : (forall v, inner m v = E d (fun a => inner (f a) v)) -> M d f = m.
Proof.
  intros H. apply equal_of_distance_zero. unfold norm2.
  rewrite inner_sub_l, inner_M, H. ring.
Qed.

Lemma M_equal d f g : (forall a, possible d a -> f a = g a) -> M d f = M d g.
Proof.
  intros H. apply M_unique. intros v. rewrite inner_M.
  apply E_equal. intros a Ha. now rewrite H.
Qed.

Lemma M_const d v : M d (fun _ => v) = v.
Proof. apply M_unique. intros. now rewrite E_const. Qed.

Lemma M_add d f g : M d (fun a => f a + g a)%V = (M d f + M d g)%V.
Proof.
  apply M_unique. intros v. rewrite inner_add_l, !inner_M, <- E_add.
  apply E_equal. intros. now rewrite inner_add_l.
Qed.

Lemma M_scale d c f : M d (fun a => c * f a)%V = (c * M d f)%V.
Proof.
  apply M_unique. intros v. rewrite inner_scale_l, inner_M, <- E_scale.
  apply E_equal. intros. now rewrite inner_scale_l.
Qed.

(** E |X - v|^2 = |M X - v|^2 + E |X - M X|^2, for every v. *)
Theorem bias_variance_about d f v :
  E d (fun a => norm2 (f a - v)) = norm2 (M d f - v) + E d (fun a => norm2 (f a - M d f)).
Proof.
  rewrite (E_equal d (fun a => norm2 (f a - v))
             (fun a => norm2 (f a - M d f) + (2 * inner (f a) (M d f - v)
               + (norm2 v - norm2 (M d f))))).
  2: intros; expand; ring.
  rewrite E_add, E_add, E_const, E_scale, <- inner_M. expand. ring.
Qed.

Theorem bias_variance d f :
  E d (fun a => norm2 (f a)) = norm2 (M d f) + E d (fun a => norm2 (f a - M d f)).
Proof.
  assert (H := bias_variance_about d f 0).
  rewrite (E_equal d (fun a => norm2 (f a - 0)) (fun a => norm2 (f a))) in H;
    [| intros; expand; ring].
  replace (norm2 (M d f - 0)) with (norm2 (M d f)) in H by (expand; ring). exact H.
Qed.

End Mean.

(** ** Making distributions *)
Section Dirac.
Context {A : Type}.

Definition dirac (a : A) : dist A.
Proof.
  refine {| weighted := [(1, a)] |}; cbn.
  - intros p b [H | []]. injection H. intros. lra.
  - ring.
Defined.

Lemma E_dirac a f : E (dirac a) f = f a.
Proof. cbn. ring. Qed.

Lemma M_dirac {V : Space} (a : A) (f : A -> V) : M (dirac a) f = f a.
Proof. apply M_unique. intros. now rewrite E_dirac. Qed.

Lemma possible_dirac a b : possible (dirac a) b <-> b = a.
Proof.
  split.
  - intros (p & [H | []] & _). now injection H.
  - intros ->. exists 1. split; [now left | lra].
Qed.

(** a with probability p, b with probability 1 - p. *)
Definition two_points (p : R) (a b : A) (H : 0 <= p <= 1) : dist A.
Proof.
  refine {| weighted := [(p, a); (1 - p, b)] |}; cbn.
  - intros r c [H' | [H' | []]]; injection H'; intros; lra.
  - ring.
Defined.

Lemma E_two_points p a b H f : E (@two_points p a b H) f = p * f a + (1 - p) * f b.
Proof. cbn. ring. Qed.

Lemma possible_two_points p a b H c : possible (@two_points p a b H) c -> c = a \/ c = b.
Proof. intros (r & [H' | [H' | []]] & _); injection H'; auto. Qed.

End Dirac.

Section Bind.
Context {A B : Type}.
Implicit Types (d : dist A) (k : A -> dist B).

Definition bound_list (k : A -> dist B) (l : list (R * A)) : list (R * B) :=
  flat_map (fun pa => map (fun qb => (fst pa * fst qb, snd qb)) (weighted (k (snd pa)))) l.

Lemma total_bound_list k l f : total (bound_list k l) f = total l (fun a => E (k a) f).
Proof.
  unfold bound_list. induction l as [| [p a] l IH]; cbn; [reflexivity|].
  now rewrite total_app, IH, total_scale.
Qed.

Lemma in_bound_list k l r b :
  In (r, b) (bound_list k l) ->
  exists p a q, In (p, a) l /\ In (q, b) (weighted (k a)) /\ r = p * q.
Proof.
  intros H. apply in_flat_map in H. destruct H as ([p a] & Ha & H).
  apply in_map_iff in H. destruct H as ([q b'] & H & Hb). injection H as <- <-.
  now exists p, a, q.
Qed.

(** First draw a from d, then from [k a]. *)
Definition bind d k : dist B.
Proof.
  refine {| weighted := bound_list k (weighted d) |}.
  - intros r b H. apply in_bound_list in H. destruct H as (p & a & q & Hp & Hq & ->).
    apply Rmult_le_pos; eapply weights_nonneg; eassumption.
  - rewrite total_bound_list. transitivity (E d (fun _ => 1)); [| apply E_const].
    apply E_equal. intros. apply E_const.
Defined.

(** The tower rule. *)
Theorem E_bind d k f : E (bind d k) f = E d (fun a => E (k a) f).
Proof. apply total_bound_list. Qed.

Theorem M_bind {V : Space} d k (f : B -> V) : M (bind d k) f = M d (fun a => M (k a) f).
Proof.
  apply M_unique. intros v. rewrite inner_M, E_bind. apply E_equal. intros. apply inner_M.
Qed.

Lemma possible_bind d k b :
  possible (bind d k) b <-> exists a, possible d a /\ possible (k a) b.
Proof.
  split.
  - intros (r & H & Hr). apply in_bound_list in H. destruct H as (p & a & q & Hp & Hq & ->).
    assert (P := weights_nonneg _ Hp). assert (Q := weights_nonneg _ Hq).
    assert (0 < p /\ 0 < q) as [Pp Qp] by (split; nra).
    exists a. split; [exists p | exists q]; auto.
  - intros (a & (p & Ha & Hp) & (q & Hb & Hq)). exists (p * q). split; [| nra].
    apply in_flat_map. exists (p, a). split; [exact Ha|].
    apply in_map_iff. exists (q, b). auto.
Qed.

End Bind.

Definition image {A B} (f : A -> B) (d : dist A) : dist B := bind d (fun a => dirac (f a)).

Lemma E_image {A B} (f : A -> B) d g : E (image f d) g = E d (fun a => g (f a)).
Proof. unfold image. rewrite E_bind. apply E_equal. intros. apply E_dirac. Qed.

Lemma M_image {A B} {V : Space} (f : A -> B) d (g : B -> V) : M (image f d) g = M d (fun a => g (f a)).
Proof. unfold image. rewrite M_bind. apply M_equal. intros. apply M_dirac. Qed.

Lemma possible_image {A B} (f : A -> B) d b :
  possible (image f d) b <-> exists a, possible d a /\ b = f a.
Proof.
  unfold image. rewrite possible_bind. split; intros (a & Ha & H); exists a; split; auto.
  - now apply possible_dirac.
  - now apply possible_dirac.
Qed.
