(** * Concrete objectives: bowls, and sums of bowls on R^d

    [bowl c m] is F(x) = (c/2) |x - m|^2, with gradient c (x - m): c-strongly convex, its gradient
    c-Lipschitz, with minimum 0 at m.  [diagonal a d] is F(x) = sum_i (a_i/2) x_i^2 on R^d: for
    c <= a_i <= L, c-strongly convex with L-Lipschitz gradient.  [both F G] is F(x) + G(y). *)

From Coq Require Import Reals Lra Lia.
From Shrinkproof Require Import Vectors Smooth Combine.
Open Scope R_scope.

(** ** Bowls *)
Section Bowl.
Context {V : Space}.
Variables (c : R) (m : V).

Lemma bowl_gradient :
  is_gradient (fun x : V => c / 2 * norm2 (x - m)) (fun x => (c * (x - m))%V).
Proof.
  intros x v.
  apply (derivable_pt_lim_ext
    (fun t => c / 2 * norm2 (x - m) + c * inner (x - m) v * t + c / 2 * norm2 v * t ^ 2)).
  { intros t. expand. field. }
  replace (inner (c * (x - m))%V v)
    with (0 + c * inner (x - m) v * 1 + c / 2 * norm2 v * (INR 2 * 0 ^ 1)) by (expand; cbn; field).
  apply derivable_pt_lim_plus; [apply derivable_pt_lim_plus|].
  - apply (derivable_pt_lim_const (c / 2 * norm2 (x - m))).
  - apply derivable_pt_lim_scal, derivable_pt_lim_id.
  - apply derivable_pt_lim_scal, (derivable_pt_lim_pow 0 2).
Qed.

Definition bowl : Objective V :=
  {| value := fun x => c / 2 * norm2 (x - m); grad := fun x => (c * (x - m))%V;
     grad_is_gradient := bowl_gradient |}.

Lemma bowl_smooth : smooth bowl c.
Proof. intros x y. cbn. right. expand. ring. Qed.

Lemma bowl_strongly_convex : strongly_convex bowl c.
Proof. intros x y. cbn. right. expand. field. Qed.

Lemma bowl_bounded_below : 0 <= c -> bounded_below bowl 0.
Proof. intros Hc x. cbn. nonneg. Qed.

Lemma bowl_pl : 0 <= c -> polyak_lojasiewicz bowl c 0.
Proof. intros Hc x. cbn. right. expand. field. Qed.
End Bowl.

(** ** Sums over a product *)
Section Both.
Context {V W : Space}.
Variables (F : Objective V) (G : Objective W).

Definition both : Objective (product V W).
Proof.
  refine {| value := fun z : product V W => F (fst z) + G (snd z);
            grad := fun z : product V W => (grad F (fst z), grad G (snd z)) |}.
  intros [x y] [v w]. cbn.
  apply derivable_pt_lim_plus; apply grad_is_gradient.
Defined.

Lemma both_smooth L : smooth F L -> smooth G L -> smooth both L.
Proof.
  intros HF HG [x y] [x' y']. specialize (HF x x'). specialize (HG y y'). revert HF HG.
  unfold norm2, sub. cbn. intros. lra.
Qed.

Lemma both_strongly_convex c : strongly_convex F c -> strongly_convex G c -> strongly_convex both c.
Proof.
  intros HF HG [x y] [x' y']. specialize (HF x x'). specialize (HG y y'). revert HF HG.
  unfold norm2, sub. cbn. intros. lra.
Qed.
End Both.

Definition nothing : Objective point.
Proof.
  refine {| value := fun _ : point => 0; grad := fun x => x |}.
  intros x v. apply (derivable_pt_lim_const 0).
Defined.

Fixpoint diagonal (a : nat -> R) (d : nat) : Objective (Rn d) :=
  match d with
  | O => nothing
  | S n => both (bowl (a O) (0 : line)) (diagonal (fun i => a (S i)) n)
  end.

Lemma bowl_smooth_of_larger {V : Space} c L (m : V) : 0 <= c <= L -> smooth (bowl c m) L.
Proof.
  intros H x y. assert (S := bowl_smooth c m x y). eapply Rle_trans; [exact S|].
  apply Rmult_le_compat_r; [apply norm2_nonneg | apply pow_incr; exact H].
Qed.

Lemma bowl_strongly_convex_of_smaller {V : Space} c a (m : V) : c <= a -> strongly_convex (bowl a m) c.
Proof.
  intros H x y. assert (S := bowl_strongly_convex a m x y).
  assert (N := norm2_nonneg (y - x)%V). assert (c / 2 * norm2 (y - x) <= a / 2 * norm2 (y - x))
    by nra.
  lra.
Qed.

Section Diagonal.
Context {c L : R}.

Lemma diagonal_smooth a d : (forall i, 0 <= a i <= L) -> smooth (diagonal a d) L.
Proof.
  revert a. induction d as [| d IH]; intros a H.
  - intros x y. cbn. lra.
  - apply both_smooth; [now apply bowl_smooth_of_larger | now apply IH].
Qed.

Lemma diagonal_strongly_convex a d : (forall i, c <= a i) -> strongly_convex (diagonal a d) c.
Proof.
  revert a. induction d as [| d IH]; intros a H.
  - intros x y. cbn. lra.
  - apply both_strongly_convex; [now apply bowl_strongly_convex_of_smaller | now apply IH].
Qed.

Lemma diagonal_stationary a d : grad (diagonal a d) 0%V = 0%V.
Proof.
  revert a. induction d as [| d IH]; intros a; cbn; [reflexivity|]. rewrite IH. f_equal.
  ring.
Qed.

Lemma diagonal_minimum a d : diagonal a d 0%V = 0.
Proof.
  revert a. induction d as [| d IH]; intros a; cbn; [reflexivity|]. rewrite IH. field.
Qed.
End Diagonal.
