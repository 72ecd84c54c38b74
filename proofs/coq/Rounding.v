(** * Rounding to a binary floating-point format: R1 to R4 for Flocq's formats

    The format has prec significant bits and subnormal spacing h = 2^emin (Flocq's FLT: gradual
    underflow, no overflow; overflow is EndToEnd.v's business); u = 2^-prec is its unit roundoff.
    For every real x, normal or not:

      nearest      (RN x - x)^2 <= (u/(1+u) x)^2 + (h/2)^2
      toward zero  0 <= (RZ x - x/(1+2u)) (x - RZ x) + h^2/(1+2u)
      stochastic   E SR x = x,  E (SR x - x)^2 <= u^2/(1+2u) x^2 + (h/2)^2

    and where |x| is at least the smallest normal number 2^(emin+prec-1), the same without h:
    abs(RN x - x) <= u/(1+u) abs(x) (R1), RZ x = q x with 1/(1+2u) < q <= 1 (R2), and variance
    at most u^2/(1+2u) x^2 (R3); below it, errors at most h/2, less than h, and variance at most
    (h/2)^2 (R4).  Stochastic rounding is the two-point law on the neighbours of x that has mean x. *)

From Coq Require Import Reals ZArith Lra Lia.
From Flocq Require Import Core Relative.
From Shrinkproof Require Import Vectors Probability Combine RoundingCells.
Open Scope R_scope.

Section Format.
Variables emin prec : Z.
Context {prec_positive : Prec_gt_0 prec}.

Notation fexp := (FLT_exp emin prec).
Notation ulp := (ulp radix2 fexp).
Notation smallest_normal := (bpow radix2 (emin + prec - 1)).

Definition unit_roundoff : R := bpow radix2 (- prec).
Definition spacing : R := bpow radix2 emin.

Lemma unit_roundoff_positive : 0 < unit_roundoff.
Proof. apply bpow_gt_0. Qed.

Lemma spacing_positive : 0 < spacing.
Proof. apply bpow_gt_0. Qed.

Lemma twice_unit_roundoff : bpow radix2 (1 - prec) = 2 * unit_roundoff.
Proof. unfold unit_roundoff, Z.sub. rewrite bpow_plus. reflexivity. Qed.

Lemma u_ro_is_unit_roundoff : u_ro radix2 prec = unit_roundoff.
Proof.
  unfold u_ro. replace (- prec + 1)%Z with (1 - prec)%Z by ring. rewrite twice_unit_roundoff. field.
Qed.

(** ** Nearest *)
Section Nearest.
Variable choice : Z -> bool.
Definition nearest (x : R) : R := round radix2 fexp (Znearest choice) x.

Theorem nearest_normal x :
  smallest_normal <= Rabs x ->
  Rabs (nearest x - x) <= unit_roundoff / (1 + unit_roundoff) * Rabs x.
Proof.
  intros Hx. unfold nearest. rewrite round_FLT_FLX by exact Hx.
  rewrite <- u_ro_is_unit_roundoff. apply relative_error_N_FLX', prec_positive.
Qed.

Theorem nearest_error x :
  (nearest x - x) ^ 2 <= (unit_roundoff / (1 + unit_roundoff) * x) ^ 2 + (spacing / 2) ^ 2.
Proof.
  destruct (relative_error_N_FLT'_ex radix2 emin prec prec_positive choice x)
    as (e & eta & He & Heta & Hz & Hr). fold (nearest x) in Hr.
  rewrite u_ro_is_unit_roundoff in He. fold spacing in Heta. set (rho := unit_roundoff / _) in *.
  rewrite Hr. replace ((x * (1 + e) + eta - x) ^ 2)
    with (e ^ 2 * x ^ 2 + eta ^ 2 + 2 * x * (e * eta)) by ring.
  rewrite Hz, Rpow_mult_distr. assert (A : e ^ 2 <= rho ^ 2).
  { rewrite <- (pow2_abs e). apply pow_incr. split; [apply Rabs_pos | exact He]. }
  assert (B : eta ^ 2 <= (spacing / 2) ^ 2).
  { rewrite <- (pow2_abs eta). apply pow_incr. split; [apply Rabs_pos | lra]. }
  assert (C := Rmult_le_compat_r (x ^ 2) _ _ (pow2_ge_0 x) A). lra.
Qed.
End Nearest.

(** ** Neighbours *)

Definition below (x : R) : R := round radix2 fexp Zfloor x.
Definition above (x : R) : R := round radix2 fexp Zceil x.

Lemma below_le x : below x <= x.
Proof. apply round_DN_pt. typeclasses eauto. Qed.

Lemma above_ge x : x <= above x.
Proof. apply round_UP_pt. typeclasses eauto. Qed.

Lemma neighbours x : (below x = x /\ above x = x) \/ above x = below x + ulp x.
Proof.
  destruct (generic_format_EM radix2 fexp x) as [F | F].
  - left. split; apply round_generic; (typeclasses eauto || exact F).
  - right. now apply round_UP_DN_ulp.
Qed.

Lemma below_opposite x : below (- x) = - above x.
Proof. apply round_DN_opp. Qed.

Lemma above_opposite x : above (- x) = - below x.
Proof. apply round_UP_opp. Qed.

(** The spacing at x > 0 is at most 2 u below(x) from the smallest normal number on, and h before. *)
Lemma spacing_at x :
  0 < x -> smallest_normal <= x -> ulp x <= 2 * unit_roundoff * below x /\ 0 < below x.
Proof.
  intros P N. assert (B : smallest_normal <= below x).
  { apply round_ge_generic; try typeclasses eauto; [| exact N].
    apply generic_format_FLT_bpow; [exact prec_positive|].
    assert (A := prec_positive). unfold Prec_gt_0 in A. lia. }
  assert (B0 : 0 < below x) by (eapply Rlt_le_trans; [apply bpow_gt_0 | exact B]).
  split; [| exact B0]. rewrite <- (ulp_DN radix2 fexp x) by lra. fold (below x).
  assert (U := ulp_FLT_le radix2 emin prec (below x)). rewrite Rabs_pos_eq in U by lra.
  rewrite twice_unit_roundoff in U. specialize (U B). lra.
Qed.

Lemma spacing_subnormal x : Rabs x < smallest_normal -> ulp x = spacing.
Proof.
  intros H. apply ulp_FLT_small; [exact prec_positive|]. eapply Rlt_trans; [exact H|].
  apply bpow_lt. lia.
Qed.

(** ** Toward zero *)

Definition toward_zero (x : R) : R := round radix2 fexp Ztrunc x.

Lemma toward_zero_opposite x : toward_zero (- x) = - toward_zero x.
Proof. apply round_ZR_opp. Qed.

Lemma toward_zero_0 : toward_zero 0 = 0.
Proof. apply round_0. typeclasses eauto. Qed.

Lemma toward_zero_positive x : 0 <= x -> toward_zero x = below x.
Proof. apply round_ZR_DN. Qed.

Lemma below_nonneg x : 0 <= x -> 0 <= below x.
Proof. intros H. apply round_ge_generic; try typeclasses eauto; [apply generic_format_0 | exact H].
Qed.

Lemma gap_to_below x : x - below x <= ulp x /\ (0 <= x - below x).
Proof.
  assert (A := below_le x). split; [| lra]. assert (B := above_ge x).
  destruct (neighbours x) as [[-> _] | E]; [| lra]. rewrite Rminus_diag_eq by reflexivity.
  apply ulp_ge_0.
Qed.

(** R2: x is shrunk by a factor in (1/(1+2u), 1]. *)
Theorem toward_zero_normal x :
  smallest_normal <= Rabs x ->
  1 / (1 + 2 * unit_roundoff) < toward_zero x / x <= 1.
Proof.
  assert (u0 := unit_roundoff_positive).
  assert (Pos : forall y, 0 < y -> smallest_normal <= y ->
            1 / (1 + 2 * unit_roundoff) < toward_zero y / y <= 1).
  { intros y P N. rewrite toward_zero_positive by lra.
    destruct (spacing_at y P N) as [S B]. assert (L := below_le y). assert (A := above_ge y).
    assert (Lt : y < below y + ulp y).
    { destruct (neighbours y) as [[-> _] | E].
      - assert (0 < ulp y); [| lra]. rewrite ulp_neq_0 by lra. apply bpow_gt_0.
      - destruct A as [A | A]; [lra|]. assert (F : below y = y).
        { apply round_generic; [typeclasses eauto|]. rewrite A.
          apply generic_format_round; typeclasses eauto. }
        rewrite F in *. assert (0 < ulp y); [| lra]. rewrite ulp_neq_0 by lra. apply bpow_gt_0. }
    destruct (round_toward_zero (u := unit_roundoff) (b := below y) (x := y) (Q := below y))
      as (R1 & _ & R2); lra. }
  intros N. destruct (Rcase_abs x) as [Neg | Nonneg].
  - rewrite Rabs_left in N by exact Neg. assert (P := Pos (- x) ltac:(lra) N).
    rewrite toward_zero_opposite in P.
    replace (- toward_zero x / - x) with (toward_zero x / x) in P by (field; lra). exact P.
  - rewrite Rabs_right in N by exact Nonneg. apply Pos; [| exact N].
    apply Rlt_le_trans with smallest_normal; [apply bpow_gt_0 | exact N].
Qed.

Theorem toward_zero_sector x :
  0 <= (toward_zero x - 1 / (1 + 2 * unit_roundoff) * x) * (x - toward_zero x)
       + 1 / (1 + 2 * unit_roundoff) * spacing ^ 2.
Proof.
  assert (u0 := unit_roundoff_positive). assert (h0 := spacing_positive).
  assert (Pos : forall y, 0 <= y ->
    0 <= (toward_zero y - 1 / (1 + 2 * unit_roundoff) * y) * (y - toward_zero y)
         + 1 / (1 + 2 * unit_roundoff) * spacing ^ 2).
  { intros y P. rewrite toward_zero_positive by exact P.
    destruct (gap_to_below y) as [G1 G0]. assert (b0 := below_nonneg y P).
    destruct (Rle_lt_dec smallest_normal y) as [N | N].
    - assert (y0 : 0 < y) by (apply Rlt_le_trans with smallest_normal; [apply bpow_gt_0 | exact N]).
      destruct (spacing_at y y0 N) as [S _].
      combine (1 / (1 + 2 * unit_roundoff) * (2 * unit_roundoff * below y - (y - below y)) *
        (y - below y)
               + 1 / (1 + 2 * unit_roundoff) * spacing ^ 2).
    - rewrite spacing_subnormal in G1 by (rewrite Rabs_pos_eq; lra).
      combine (2 * unit_roundoff / (1 + 2 * unit_roundoff) * below y * (y - below y)
               + 1 / (1 + 2 * unit_roundoff) * (spacing - (y - below y)) *
                   (spacing + (y - below y))). }
  destruct (Rle_lt_dec 0 x) as [H | H]; [now apply Pos|].
  assert (N := Pos (- x) ltac:(lra)). rewrite toward_zero_opposite in N.
  replace ((- toward_zero x - 1 / (1 + 2 * unit_roundoff) * - x) * (- x - - toward_zero x))
    with ((toward_zero x - 1 / (1 + 2 * unit_roundoff) * x) * (x - toward_zero x)) in N by ring.
  exact N.
Qed.

(** ** Stochastic *)

(** The probability of the lower neighbour; 0 where x is a number of the format. *)
Definition probability_below (x : R) : R := (above x - x) / (above x - below x).

Lemma probability_below_range x : 0 <= probability_below x <= 1.
Proof.
  unfold probability_below. assert (A := above_ge x). assert (B := below_le x).
  destruct (neighbours x) as [[_ ->] | E].
  - unfold Rdiv. rewrite Rminus_diag_eq by reflexivity. lra.
  - destruct (Req_dec (above x - below x) 0) as [Z | Z].
    + replace (above x - x) with 0 by lra. unfold Rdiv. lra.
    + assert (0 < above x - below x) by lra. split; [nonneg|].
      combine (1 / (above x - below x) * (x - below x)).
Qed.

Definition stochastic (x : R) : dist R :=
  two_points (probability_below x) (below x) (above x) (probability_below_range x).

(** R3 *)
Theorem stochastic_unbiased x : E (stochastic x) (fun y => y) = x.
Proof.
  unfold stochastic. rewrite E_two_points. unfold probability_below.
  assert (A := above_ge x). assert (B := below_le x).
  destruct (Req_dec (above x - below x) 0) as [Z | Z].
  - replace (above x - x) with 0 by lra. unfold Rdiv. lra.
  - field. exact Z.
Qed.

Theorem stochastic_variance_exact x :
  E (stochastic x) (fun y => (y - x) ^ 2) = (x - below x) * (above x - x).
Proof.
  unfold stochastic. rewrite E_two_points. unfold probability_below.
  assert (A := above_ge x). assert (B := below_le x).
  destruct (Req_dec (above x - below x) 0) as [Z | Z].
  - replace (above x) with x by lra. replace (below x) with x by lra. unfold Rdiv. ring.
  - field. exact Z.
Qed.

Theorem stochastic_variance x :
  E (stochastic x) (fun y => (y - x) ^ 2)
  <= unit_roundoff ^ 2 / (1 + 2 * unit_roundoff) * x ^ 2 + (spacing / 2) ^ 2.
Proof.
  rewrite stochastic_variance_exact. assert (u0 := unit_roundoff_positive).
  assert (Pos : forall y, 0 <= y -> (y - below y) * (above y - y)
            <= unit_roundoff ^ 2 / (1 + 2 * unit_roundoff) * y ^ 2 + (spacing / 2) ^ 2).
  { intros y P. assert (L := below_le y). assert (A := above_ge y).
    assert (Z : 0 <= unit_roundoff ^ 2 / (1 + 2 * unit_roundoff) * y ^ 2 + (spacing / 2) ^ 2)
      by nonneg.
    destruct (neighbours y) as [[-> _] | E].
    - replace ((y - y) * (above y - y)) with 0 by ring. exact Z.
    - rewrite E in *. destruct (Rle_lt_dec smallest_normal y) as [N | N].
      + assert (y0 : 0 < y) by (apply Rlt_le_trans with smallest_normal;
          [apply bpow_gt_0 | exact N]).
        destruct (spacing_at y y0 N) as [S _].
        combine ((y - below y) * (2 * unit_roundoff * below y - ulp y)
                 + 1 / (1 + 2 * unit_roundoff)
                   * ((1 + unit_roundoff) * y - (1 + 2 * unit_roundoff) * below y) ^ 2
                 + (spacing / 2) ^ 2).
      + rewrite spacing_subnormal in * by (rewrite Rabs_pos_eq; lra).
        combine ((y - below y - spacing / 2) ^ 2
                 + unit_roundoff ^ 2 / (1 + 2 * unit_roundoff) * y ^ 2). }
  destruct (Rle_lt_dec 0 x) as [H | H]; [now apply Pos|].
  assert (N := Pos (- x) ltac:(lra)). rewrite below_opposite, above_opposite in N.
  replace ((- x - - above x) * (- below x - - x)) with ((x - below x) * (above x - x)) in N by ring.
  replace ((- x) ^ 2) with (x ^ 2) in N by ring. exact N.
Qed.

(** Without h from the smallest normal number on. *)
Theorem stochastic_variance_normal x :
  smallest_normal <= Rabs x ->
  E (stochastic x) (fun y => (y - x) ^ 2) <= unit_roundoff ^ 2 / (1 + 2 * unit_roundoff) * x ^ 2.
Proof.
  rewrite stochastic_variance_exact. assert (u0 := unit_roundoff_positive).
  assert (Pos : forall y, 0 < y -> smallest_normal <= y ->
    (y - below y) * (above y - y) <= unit_roundoff ^ 2 / (1 + 2 * unit_roundoff) * y ^ 2).
  { intros y P N. assert (L := below_le y). destruct (spacing_at y P N) as [S _].
    assert (W : above y - below y <= 2 * unit_roundoff * below y).
    { destruct (neighbours y) as [[-> ->] | E]; [| lra]. rewrite Rminus_diag_eq by reflexivity.
      nonneg. }
    combine ((y - below y) * (2 * unit_roundoff * below y - (above y - below y))
             + 1 / (1 + 2 * unit_roundoff)
               * ((1 + unit_roundoff) * y - (1 + 2 * unit_roundoff) * below y) ^ 2). }
  intros N. destruct (Rcase_abs x) as [Neg | Nonneg].
  - rewrite Rabs_left in N by exact Neg. assert (H := Pos (- x) ltac:(lra) N).
    rewrite below_opposite, above_opposite in H.
    replace ((- x - - above x) * (- below x - - x)) with ((x - below x) * (above x - x)) in H
      by ring.
    replace ((- x) ^ 2) with (x ^ 2) in H by ring. exact H.
  - rewrite Rabs_right in N by exact Nonneg. apply Pos; [| exact N].
    apply Rlt_le_trans with smallest_normal; [apply bpow_gt_0 | exact N].
Qed.

(** ** R4: below the smallest normal number *)

Theorem nearest_subnormal choice x :
  Rabs x < smallest_normal -> Rabs (nearest choice x - x) <= spacing / 2.
Proof.
  intros H. rewrite <- (spacing_subnormal x H).
  assert (A := error_le_half_ulp radix2 fexp choice x). unfold nearest. lra.
Qed.

Theorem toward_zero_subnormal x : Rabs x < smallest_normal -> Rabs (toward_zero x - x) < spacing.
Proof.
  intros H. rewrite <- (spacing_subnormal x H). destruct (Req_dec x 0) as [-> | N].
  - rewrite toward_zero_0, Rminus_diag_eq, Rabs_R0 by reflexivity.
    rewrite spacing_subnormal by exact H. apply spacing_positive.
  - now apply error_lt_ulp; try typeclasses eauto.
Qed.

Theorem stochastic_subnormal x :
  Rabs x < smallest_normal -> E (stochastic x) (fun y => (y - x) ^ 2) <= (spacing / 2) ^ 2.
Proof.
  intros H. rewrite stochastic_variance_exact. destruct (neighbours x) as [[-> _] | E].
  - replace ((x - x) * (above x - x)) with 0 by ring. apply pow2_ge_0.
  - rewrite E, (spacing_subnormal x H). combine ((x - below x - spacing / 2) ^ 2).
Qed.

End Format.

(** With p significant bits, u = (1/2)^p. *)
Lemma unit_roundoff_of_bits p : unit_roundoff (Z.of_nat p) = (1 / 2) ^ p.
Proof.
  unfold unit_roundoff. induction p as [| p IH]; [reflexivity|].
  rewrite Nat2Z.inj_succ, Z.opp_succ. unfold Z.pred. rewrite bpow_plus, IH. cbn. field.
Qed.
