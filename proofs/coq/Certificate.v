(** * Certificates: a claim, its gap as a combination of known gaps, and no search

    To prove a <= b, [certificate e] checks the identity b - a = e and reads off the shape of e
    that 0 <= e: sums, products and quotients of squares, of positive numbers, and of gaps b' - a'
    of hypotheses a' <= b'; a multiple of the gap of an equation is 0.  Likewise a < b, where the
    first product of e must be positive, and a = b, where all are 0. *)

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

Lemma quotient_of_zero d : e = 0 -> e / d = 0.
Proof. intros ->. unfold Rdiv. apply Rmult_0_l. Qed.

Lemma sum_of_zeros : a = 0 -> b = 0 -> a + b = 0.
Proof. lra. Qed.

Lemma quotient_nonnegative : 0 <= a -> 0 < b -> 0 <= a / b.
Proof. intros A B. apply Rmult_le_pos; [exact A | now apply Rlt_le, Rinv_0_lt_compat]. Qed.

Lemma zero_nonnegative : e = 0 -> 0 <= e.
Proof. lra. Qed.

Lemma factor_nonzero u r : 0 < e -> e = r * u -> u <> 0.
Proof. intros He E U. rewrite U, Rmult_0_r in E. lra. Qed.
End Gaps.

(** What a hypothesis says of its gap. *)
Ltac known :=
  match goal with
  | H : 0 < ?x |- 0 < ?x => exact H
  | H : ?a < ?b |- 0 < ?b - ?a => exact (gap_positive H)
  | H : 0 <= ?x |- 0 <= ?x => exact H
  | H : ?a <= ?b |- 0 <= ?b - ?a => exact (gap_nonnegative H)
  | H : 0 < ?x |- 0 <= ?x => exact (Rlt_le _ _ H)
  | H : ?a < ?b |- 0 <= ?b - ?a => exact (Rlt_le _ _ (gap_positive H))
  | H : 0 = ?x |- ?x = 0 => exact (eq_sym H)
  | H : ?a = ?b |- ?b - ?a = 0 => exact (gap_zero H)
  end.

(** Signs by shape. *)
Ltac sign :=
  first
    [ known
    | lazymatch goal with
      | |- _ + _ = 0 => apply sum_of_zeros; [sign | sign]
      | |- _ * _ = 0 => apply multiple_of_zero; known
      | |- _ / _ = 0 => apply quotient_of_zero; sign
      | |- 0 < _ + _ => apply Rplus_lt_le_0_compat; [sign | sign]
      | |- 0 < _ * _ => apply Rmult_lt_0_compat; [sign | sign]
      | |- 0 < _ / _ => apply Rdiv_lt_0_compat; [sign | sign]
      | |- 0 <= _ ^ 2 => apply pow2_ge_0
      | |- 0 <= _ + _ => apply Rplus_le_le_0_compat; [sign | sign]
      | |- 0 <= _ * _ =>
          first [apply zero_nonnegative, multiple_of_zero; known | apply Rmult_le_pos; [sign | sign]]
      | |- 0 <= _ / _ => apply quotient_nonnegative; [sign | sign]
      | |- 0 < _ => lra (* a numeral *)
      | |- 0 <= _ => lra
      | |- 0 = 0 => reflexivity
      end ].

(** An identity of fields; what it divides by is a factor or a gap known to be nonzero. *)
Ltac divisor :=
  first
    [ assumption
    | let E := fresh in intros E; first [lra | match goal with N : _ <> 0 |- _ => apply N; lra end] ].
Ltac identity := field; repeat split; divisor.

(** u is a factor of what H says is positive. *)
Ltac nonzero H u r :=
  let N := fresh "N" in
  assert (N : u <> 0)
    by (first [eapply (factor_nonzero u r H) | eapply (factor_nonzero u r (gap_positive H))]; identity).

Tactic Notation "certificate" uconstr(e) :=
  first [apply (le_of_certificate (e := e)) | apply (lt_of_certificate (e := e))
        | apply (eq_of_certificate (e := e))]; [identity | sign].
