(** * The language of the proofs: an inequality is a nonnegative combination of known ones

    [combine e]: to prove a <= b, name e, check b - a = e as an identity of fields, and see from
    its shape that 0 <= e: sums, products, quotients and squares of what is nonnegative, and gaps
    b' - a' of known inequalities a' <= b'.  Nothing is searched for.

    Also the one fact of calculus that the floors need: a concave quadratic function that is
    nonnegative at both ends of an interval is so between them. *)

From Coq Require Import Reals Lra.
From Shrinkproof Require Import Vectors.
Open Scope R_scope.

Lemma le_of_gap a b e : b - a = e -> 0 <= e -> a <= b.
Proof. lra. Qed.

Lemma quotient_nonneg a b : 0 <= a -> 0 < b -> 0 <= a / b.
Proof. intros Ha Hb. apply Rmult_le_pos; [exact Ha | now apply Rlt_le, Rinv_0_lt_compat]. Qed.

Ltac positive :=
  lazymatch goal with
  | |- 0 < _ * _ => apply Rmult_lt_0_compat; positive
  | |- 0 < _ / _ => apply Rdiv_lt_0_compat; positive
  | |- 0 < / _ => apply Rinv_0_lt_compat; positive
  | |- 0 < _ ^ _ => apply pow_lt; positive
  | |- _ => lra
  end.

Ltac nonneg :=
  lazymatch goal with
  | |- 0 <= _ + _ => first [lra | apply Rplus_le_le_0_compat; nonneg]
  | |- 0 <= _ * _ => first [assumption | apply Rmult_le_pos; nonneg]
  | |- 0 <= _ / _ => first [assumption | apply quotient_nonneg; [nonneg | positive]]
  | |- 0 <= / _ => apply Rlt_le, Rinv_0_lt_compat; positive
  | |- 0 <= _ ^ 2 => apply pow2_ge_0
  | |- 0 <= _ ^ _ => apply pow_le; nonneg
  | |- 0 <= norm2 _ => apply norm2_nonneg
  | |- 0 <= inner ?x ?x => apply inner_nonneg
  | |- _ => first [assumption | lra]
  end.

Ltac nonzero := repeat split; first [lra | apply Rgt_not_eq, Rlt_gt; positive | assumption].
Ltac identity := expand; field; nonzero.

Tactic Notation "combine" uconstr(e) := apply (le_of_gap _ _ e); [identity | nonneg].

Lemma concave_between a b c lo hi x :
  0 <= a -> lo <= x <= hi ->
  0 <= c + b * lo - a * lo ^ 2 -> 0 <= c + b * hi - a * hi ^ 2 -> 0 <= c + b * x - a * x ^ 2.
Proof.
  intros Ha [Hlo Hhi] Plo Phi. destruct (Req_dec lo hi) as [E | E].
  - replace x with lo by lra. exact Plo.
  - assert (0 < hi - lo) by lra.
    combine ((hi - x) / (hi - lo) * (c + b * lo - a * lo ^ 2)
             + (x - lo) / (hi - lo) * (c + b * hi - a * hi ^ 2) + a * (x - lo) * (hi - x)).
Qed.

(** (1 - a)^2 shrinks as a grows to 1. *)
Lemma square_decreasing a b : a <= b <= 1 -> (1 - b) ^ 2 <= (1 - a) ^ 2.
Proof. intros H. combine ((b - a) * ((1 - a) + (1 - b))). Qed.
