(** * Certificates: a claim, its gap as a combination of known gaps, and no search

    To prove a <= b, [certificate e] checks the identity b - a = e and reads off the shape of e
    that 0 <= e: sums and products of squares, of positive numbers, of reciprocals of what is
    positive, and of gaps b' - a' of hypotheses a' <= b'; a multiple of the gap of an equation is 0.
    Likewise a < b, where the first product of e must be positive, and a = b, where all are 0. *)

From Coq Require Import Reals Lra.
Open Scope R_scope.

Section Gaps.
Context {a b e : R}.

Lemma le_of_certificate : b - a = e -> 0 <= e -> a <= b.
Proof. lra. Qed.

Lemma lt_of_certificate : b - a = e -> 0 < e -> a < b.
Proof. lra. Qed.

Lemma eq_of_certificate : b - a = e -> e = 0 -> a = b.
Proof. lra. Qed.

Lemma gap_nonnegative : a <= b -> 0 <= b - a.
Proof. lra. Qed.

Lemma gap_positive : a < b -> 0 < b - a.
Proof. lra. Qed.

Lemma gap_zero : a = b -> b - a = 0.
Proof. lra. Qed.

Lemma multiple_of_zero m : e = 0 -> m * e = 0.
Proof. intros ->. apply Rmult_0_r. Qed.

Lemma sum_of_zeros : a = 0 -> b = 0 -> a + b = 0.
Proof. lra. Qed.

Lemma zero_nonnegative : e = 0 -> 0 <= e.
Proof. lra. Qed.

Lemma factor_nonzero u r : 0 < e -> e = r * u -> u <> 0.
Proof. intros He E U. rewrite U, Rmult_0_r in E. lra. Qed.
End Gaps.

Lemma premise_gap {b} : 0 = b -> b = 0.
Proof. auto. Qed.

(** What a hypothesis says, as the sign of its gap. *)
Ltac known_zero :=
  match goal with
  | H : 0 = ?x |- ?x = 0 => exact (eq_sym H)
  | H : ?a = ?b |- ?b - ?a = 0 => exact (gap_zero H)
  end.
Ltac known_positive :=
  match goal with
  | H : 0 < ?x |- 0 < ?x => exact H
  | H : ?a < ?b |- 0 < ?b - ?a => exact (gap_positive H)
  end.
Ltac known_nonnegative :=
  match goal with
  | H : 0 <= ?x |- 0 <= ?x => exact H
  | H : ?a <= ?b |- 0 <= ?b - ?a => exact (gap_nonnegative H)
  end.

(** Signs by shape. *)
Ltac zero :=
  lazymatch goal with
  | |- _ + _ = 0 => apply sum_of_zeros; [zero | zero]
  | |- _ * _ = 0 => apply multiple_of_zero; known_zero
  | |- 0 = 0 => reflexivity
  end.
Ltac strictly_positive :=
  first
    [ known_positive
    | lazymatch goal with
      | |- 0 < _ * _ => apply Rmult_lt_0_compat; [strictly_positive | strictly_positive]
      | |- 0 < / _ => apply Rinv_0_lt_compat; strictly_positive
      | |- 0 < _ => lra
      end ].
Ltac nonnegative :=
  first
    [ known_nonnegative
    | apply Rlt_le; known_positive
    | lazymatch goal with
      | |- 0 <= _ ^ 2 => apply pow2_ge_0
      | |- 0 <= _ * _ => apply Rmult_le_pos; [nonnegative | nonnegative]
      | |- 0 <= _ => apply Rlt_le; strictly_positive
      end ].
