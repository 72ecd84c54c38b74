(** * The hypotheses of the end-to-end theorems are not vacuous

    F(x) = |x|^2/2 on R^d, noise of random signs in every coordinate, w_0 = 0, stepsize 1/4, loss
    scale 1, and any format with p >= 1 significant bits, subnormal spacing h = 2^emin <= 4 and
    largest number 4.  Rounded in any of the three ways the iterates never leave [-3, 3]^d and the
    gradients never [-4, 4]^d: nothing overflows, and every hypothesis of E1n to E3p holds.  So
    those of T7a, T7b, T7g and T7h hold too, which the proofs of E1n to E3p use; T7c and T7d are
    inhabited by BiasFloor.v, and T7e and T7f as well. *)

From Coq Require Import Reals ZArith Lra Lia List.
From Flocq Require Import Core.
From Shrinkproof Require Import Sums Vectors Probability Process Combine Smooth Sgd Objectives
  NoisyRuns Quantized QuantizedRates Rounding EndToEnd Formats BiasFloor.
Import ListNotations.
Open Scope R_scope.

(** ** Each coordinate drawn from its own law *)
Section Independent.
Variable r : R -> dist R.

Fixpoint independently (d : nat) : Rn d -> dist (Rn d) :=
  match d return Rn d -> dist (Rn d) with
  | O => fun x => dirac x
  | S n => fun x =>
      bind (r (fst x)) (fun a => image (fun y => (a, y) : Rn (S n)) (independently n (snd x)))
  end.

Lemma possible_independently d (x y : Rn d) :
  possible (independently d x) y ->
  forall i, (i < d)%nat -> possible (r (coordinate x i)) (coordinate y i).
Proof.
  induction d as [| d IH]; intros H i Hi; [lia|]. cbn [independently] in H.
  apply possible_bind in H. destruct H as (a & Ha & H). apply possible_image in H.
  destruct H as (y' & Hy' & ->). destruct i as [| j]; [exact Ha|]. cbn. apply IH; [exact Hy' | lia].
Qed.

Lemma marginal_independently d (x : Rn d) f i :
  (i < d)%nat -> E (independently d x) (fun y => f (coordinate y i)) = E (r (coordinate x i)) f.
Proof.
  revert i. induction d as [| d IH]; intros i Hi; [lia|]. cbn [independently]. rewrite E_bind.
  destruct i as [| j].
  - apply E_equal. intros a _. rewrite E_image. cbn. apply E_const.
  - transitivity (E (r (fst x)) (fun _ => E (r (coordinate (snd x) j)) f)); [| apply E_const].
    apply E_equal. intros a _. rewrite E_image. cbn. apply IH. lia.
Qed.
End Independent.

Lemma signs_coordinates d (x : Rn d) i :
  possible (signs d) x -> (i < d)%nat -> coordinate x i = 1 \/ coordinate x i = -1.
Proof.
  revert i. induction d as [| d IH]; intros i H Hi; [lia|]. cbn [signs] in H.
  apply possible_bind in H. destruct H as (s & Hs & H). apply possible_image in H.
  destruct H as (y & Hy & ->). destruct i as [| j]; cbn.
  - now apply possible_two_points in Hs.
  - apply IH; [exact Hy | lia].
Qed.

(** ** The runs *)
Section Runs.
Variables (d : nat) (r : R -> dist R).

(** Rounding a number of [0, 4] or [-4, 0] does not leave it. *)
Hypothesis keeps_sign : forall x y, possible (r x) y ->
  (0 <= x <= 4 -> 0 <= y <= 4) /\ (-4 <= x <= 0 -> -4 <= y <= 0).

Fixpoint w (h : list (Rn d * Rn d)) : Rn d :=
  match h with [] => 0%V | (_, zeta) :: past => (w past - 1 / 4 * zeta)%V end.

Definition F : Objective (Rn d) := bowl 1 0%V.

Definition rounding_process : Process :=
  {| Sample := Rn d; Noise := Rn d; sample_law := fun _ => signs d;
     noise_law := fun h xi => independently r d (w h + xi)%V |}.

Definition g (h : History rounding_process) (xi : Sample rounding_process) : Rn d := (w h + xi)%V.
Definition Q (h : History rounding_process) (xi : Sample rounding_process)
  (zeta : Noise rounding_process) : Rn d := zeta.

Lemma runs_update : quantized_update (P := rounding_process) w Q (fun _ => 1 / 4).
Proof. intros h xi zeta _ _ _. reflexivity. Qed.

Lemma gradient_is_iterate x : grad F x = x.
Proof. cbn. vector_ring. Qed.

Lemma runs_unbiased : unbiased (P := rounding_process) F w g.
Proof.
  intros h _. rewrite M_past_of_sample, gradient_is_iterate. unfold g.
  rewrite M_add, M_const. cbn. rewrite signs_mean. vector_ring.
Qed.

Lemma runs_variance : variance (P := rounding_process) F w g (INR d).
Proof.
  intros h _. rewrite E_past_of_sample. rewrite <- signs_variance. right.
  apply E_equal. intros xi _. rewrite gradient_is_iterate. unfold g. expand. ring.
Qed.

Lemma iterates_stay h :
  reachable (P := rounding_process) h -> forall i, (i < d)%nat -> -3 <= coordinate (w h) i <= 3.
Proof.
  induction h as [| [xi zeta] h IH]; intros R i Hi.
  - cbn. assert (Z : coordinate (0 : Rn d)%V i = 0).
    { rewrite <- inner_basis. apply inner_zero_r. }
    rewrite Z. lra.
  - destruct R as (R & Hxi & Hzeta). specialize (IH R i Hi). cbn [w].
    rewrite coordinate_sub, coordinate_scale. cbn in Hxi, Hzeta.
    assert (S := signs_coordinates d xi i Hxi Hi).
    assert (K := possible_independently r d _ _ Hzeta i Hi). rewrite coordinate_add in K.
    apply keeps_sign in K. destruct K as [K1 K2].
    set (x := coordinate (w h) i) in *. set (s := coordinate xi i) in *.
    set (y := coordinate zeta i) in *.
    destruct (Rle_lt_dec 0 (x + s)) as [P | N].
    + assert (0 <= y <= 4) by (apply K1; destruct S; lra). destruct S; lra.
    + assert (-4 <= y <= 0) by (apply K2; destruct S; lra). destruct S; lra.
Qed.

Lemma runs_do_not_overflow : always h xi, forall i, (i < d)%nat -> Rabs (1 * coordinate (g h xi) i) <= 4.
Proof.
  intros h xi R Hxi i Hi. rewrite Rmult_1_l. unfold g. rewrite coordinate_add.
  assert (A := iterates_stay h R i Hi). assert (S := signs_coordinates d xi i Hxi Hi).
  apply Rabs_le. destruct S; lra.
Qed.
End Runs.

(** ** Three ways to round *)
Section Roundings.
Variables (d p K : nat) (emin : Z).
Hypothesis bits_positive : (0 < p)%nat.
Hypothesis spacing_small : (emin <= 2)%Z.
Notation prec := (Z.of_nat p).
Notation fexp := (FLT_exp emin prec).
#[local] Instance some_bits : Prec_gt_0 prec.
Proof. unfold Prec_gt_0. lia. Qed.

Lemma four_is_a_number : generic_format radix2 fexp 4.
Proof. change 4 with (bpow radix2 2). apply generic_format_FLT_bpow;
  (exact spacing_small || typeclasses eauto). Qed.

Lemma minus_four_is_a_number : generic_format radix2 fexp (-4).
Proof. replace (-4) with (- (4)) by ring. apply generic_format_opp, four_is_a_number. Qed.

(** Every rounding function keeps signs and the range. *)
Lemma rounding_keeps_sign rnd {valid : Valid_rnd rnd} x :
  (0 <= x <= 4 -> 0 <= round radix2 fexp rnd x <= 4) /\
  (-4 <= x <= 0 -> -4 <= round radix2 fexp rnd x <= 0).
Proof.
  split; intros [H1 H2]; split; try (apply round_ge_generic;
    [typeclasses eauto | assumption | | assumption]);
    try (apply round_le_generic; [typeclasses eauto | assumption | | assumption]);
    (apply generic_format_0 || apply four_is_a_number || apply minus_four_is_a_number).
Qed.

Definition deterministic (rounding : R -> R) (x : R) : dist R := dirac (rounding x).

Lemma deterministic_keeps_sign rnd {valid : Valid_rnd rnd} x y :
  possible (deterministic (round radix2 fexp rnd) x) y ->
  (0 <= x <= 4 -> 0 <= y <= 4) /\ (-4 <= x <= 0 -> -4 <= y <= 0).
Proof. intros H. apply possible_dirac in H. rewrite H. now apply rounding_keeps_sign. Qed.

Lemma stochastic_keeps_sign x y :
  possible (stochastic emin prec x) y ->
  (0 <= x <= 4 -> 0 <= y <= 4) /\ (-4 <= x <= 0 -> -4 <= y <= 0).
Proof.
  intros H. apply possible_two_points in H.
  destruct H as [-> | ->]; apply rounding_keeps_sign; typeclasses eauto.
Qed.

(** A deterministic rounding of the gradient, as [rounded_gradient]. *)
Lemma deterministic_update rounding :
  let r := deterministic rounding in
  quantized_update (P := rounding_process d r) (w d)
    (rounded_gradient (P := rounding_process d r) (S := 1) (rounding := rounding) (g := g d r))
    (fun _ => 1 / 4).
Proof.
  intros r h xi zeta _ _ Hzeta. cbn [w after]. do 2 f_equal. unfold rounded_gradient. cbn in Hzeta.
  assert (H := possible_independently r d _ _ Hzeta). apply coordinates_equal. intros i Hi.
  rewrite coordinate_each by exact Hi. specialize (H i Hi). apply possible_dirac in H.
  rewrite H. unfold g. rewrite Rmult_1_l. field.
Qed.

(** u <= 1/2 and rho <= 1/3 for p >= 1: kappa > 0. *)
Notation u := ((1 / 2) ^ p).
Notation rho := (u / (1 + u)).

Lemma u_range : 0 < u <= 1 / 2.
Proof.
  split; [apply pow_lt; lra|]. destruct p as [| n]; [lia|]. cbn.
  assert (A : 0 < (1 / 2) ^ n) by (apply pow_lt; lra).
  assert (B : (1 / 2) ^ n <= 1 ^ n) by (apply pow_incr; lra). rewrite pow1 in B. lra.
Qed.

Lemma rho_square : 0 <= rho ^ 2 <= 1 / 9.
Proof.
  destruct u_range as [u0 u1]. set (v := u) in *. clearbody v.
  assert (R : 0 <= v / (1 + v) <= 1 / 3).
  { split; [apply quotient_nonneg; lra|]. combine (1 / (1 + v) * (1 / 3 - 2 / 3 * v)). }
  set (x := v / (1 + v)) in *. clearbody x. split; [apply pow2_ge_0 | nra].
Qed.

Lemma m_range : 3 / 4 <= (1 + u) / (1 + 2 * u) <= 1.
Proof.
  destruct u_range as [u0 u1]. set (v := u) in *. clearbody v. split.
  - combine (1 / (1 + 2 * v) * (1 / 4 - v / 2)).
  - combine (v / (1 + 2 * v)).
Qed.

Notation bound N kappa := (2 * (F d (w d []) - 0) / (INR K * (1 / 4) * kappa) + N / kappa).
Notation average r :=
  (sum K (fun k => E_run (P := rounding_process d r) k (fun h => norm2 (grad (F d) (w d h)))) / INR K).
Notation gap r := (E_run (P := rounding_process d r) K (fun h => F d (w d h)) - 0).

Local Ltac objective_facts :=
  first [ exact bits_positive | exact Rlt_0_1
        | apply bowl_smooth | apply runs_unbiased | apply runs_variance
        | apply runs_do_not_overflow; intros x y; (apply deterministic_keeps_sign; typeclasses eauto)
        | apply runs_do_not_overflow; exact stochastic_keeps_sign
        | apply deterministic_update | apply bowl_bounded_below; lra | apply bowl_pl; lra
        | intros; reflexivity | lra | assumption ].

Example E1n_applies choice : 0 < INR K ->
  let r := deterministic (nearest emin prec choice) in
  let kappa := (1 + 1 * (1 / 4)) * (1 - rho ^ 2) - (1 * (1 / 4)) ^ 2 in
  let eta2 := INR d * (spacing emin / (2 * 1)) ^ 2 in
  average r <= 2 * (F d (w d []) - 0) / (INR K * (1 / 4) * kappa)
               + (1 + 1 * (1 / 4)) * ((rho ^ 2 + 1 * (1 / 4)) * INR d + eta2) / kappa.
Proof.
  intros HK r. assert (S := rho_square).
  eapply (format_nearest_nonconvex (P := rounding_process d r)
    (rounding := nearest emin prec choice)
            (g := g d r) (S := 1) (largest := 4)); objective_facts.
Qed.

Example E1p_applies choice :
  let r := deterministic (nearest emin prec choice) in
  let kappa := (1 + 1 * (1 / 4)) * (1 - rho ^ 2) - (1 * (1 / 4)) ^ 2 in
  let eta2 := INR d * (spacing emin / (2 * 1)) ^ 2 in
  let B_u := (1 + 1 * (1 / 4)) * ((rho ^ 2 + 1 * (1 / 4)) * INR d + eta2) / (2 * 1 * kappa) in
  gap r <= B_u + (1 - 1 * (1 / 4) * kappa) ^ K * (F d (w d []) - 0 - B_u).
Proof.
  intros r. assert (S := rho_square).
  eapply (format_nearest_pl (P := rounding_process d r) (rounding := nearest emin prec choice)
            (g := g d r) (S := 1) (largest := 4)); objective_facts.
Qed.

Example E2n_applies : 0 < INR K ->
  let r := deterministic (toward_zero emin prec) in
  let m := (1 + u) / (1 + 2 * u) in
  let kappa := (1 + 1 * (1 / 4) * m) * (1 - rho ^ 2) - (1 * (1 / 4) * m) ^ 2 in
  let eta2 := INR d * (spacing emin / 1) ^ 2 in
  average r <= 2 * (F d (w d []) - 0) / (INR K * (1 / 4) * m * kappa)
               + (1 + 1 * (1 / 4) * m) * ((rho ^ 2 + 1 * (1 / 4) * m) * INR d + eta2) / kappa.
Proof.
  intros HK r m kappa. assert (S := rho_square). assert (M := m_range).
  assert (k0 : 0 < kappa).
  { unfold kappa, m. set (x := rho ^ 2) in *. set (y := (1 + u) / (1 + 2 * u)) in *. nra. }
  eapply (format_toward_zero_nonconvex (P := rounding_process d r)
    (rounding := toward_zero emin prec)
            (g := g d r) (S := 1) (largest := 4)); objective_facts.
Qed.

Example E2p_applies :
  let r := deterministic (toward_zero emin prec) in
  let m := (1 + u) / (1 + 2 * u) in
  let kappa := (1 + 1 * (1 / 4) * m) * (1 - rho ^ 2) - (1 * (1 / 4) * m) ^ 2 in
  let eta2 := INR d * (spacing emin / 1) ^ 2 in
  let B_u := (1 + 1 * (1 / 4) * m) * ((rho ^ 2 + 1 * (1 / 4) * m) * INR d + eta2) / (2 * 1 * kappa) in
  gap r <= B_u + (1 - 1 * (1 / 4) * m * kappa) ^ K * (F d (w d []) - 0 - B_u).
Proof.
  intros r m kappa. assert (S := rho_square). assert (M := m_range).
  assert (k0 : 0 < kappa).
  { unfold kappa, m. set (x := rho ^ 2) in *. set (y := (1 + u) / (1 + 2 * u)) in *. nra. }
  eapply (format_toward_zero_pl (P := rounding_process d r) (rounding := toward_zero emin prec)
            (g := g d r) (S := 1) (largest := 4)); objective_facts.
Qed.

Lemma stochastic_runs : rounds_stochastically (P := rounding_process d (stochastic emin prec))
  (p := p) (emin := emin) (largest := 4) (S := 1) (g := g d (stochastic emin prec))
  (Q := Q d (stochastic emin prec)) bits_positive.
Proof.
  intros h xi R Hxi i Hi _ f. unfold E_sample. cbn [noise_law rounding_process]. unfold Q.
  rewrite (E_equal _ _ (fun zeta => f (coordinate (zeta : Rn d) i))) by (intros;
    now rewrite Rmult_1_l).
  rewrite Rmult_1_l.
  transitivity (E (stochastic emin prec (coordinate (g d (stochastic emin prec) h xi) i)) f);
    [exact (marginal_independently _ d _ f i Hi) | reflexivity].
Qed.

Lemma stochastic_stepsize : 1 / 4 * (1 + u ^ 2 / (1 + 2 * u)) <= 1 / 1.
Proof.
  destruct u_range as [u0 u1]. set (v := u) in *. clearbody v.
  assert (v ^ 2 / (1 + 2 * v) <= 1); [| lra].
  combine (1 / (1 + 2 * v) * ((1 - v) * (1 + v) + 2 * v)).
Qed.

Example E3n_applies : 0 < INR K ->
  let r := stochastic emin prec in
  let omega := u ^ 2 / (1 + 2 * u) in
  let tau2 := INR d * (spacing emin / (2 * 1)) ^ 2 in
  average r <= 2 * (F d (w d []) - 0) / (INR K * (1 / 4)) + 1 * (1 / 4) * ((1 + omega) * INR d + tau2).
Proof.
  intros HK r.
  eapply (format_stochastic_nonconvex (P := rounding_process d r) (g := g d r) (S := 1)
    (largest := 4));
    first [ apply stochastic_runs | apply runs_update | apply stochastic_stepsize | objective_facts
      ].
Qed.

Example E3p_applies :
  let r := stochastic emin prec in
  let omega := u ^ 2 / (1 + 2 * u) in
  let tau2 := INR d * (spacing emin / (2 * 1)) ^ 2 in
  let B_u := 1 * (1 / 4) * ((1 + omega) * INR d + tau2) / (2 * 1) in
  gap r <= B_u + (1 - 1 * (1 / 4)) ^ K * (F d (w d []) - 0 - B_u).
Proof.
  intros r.
  eapply (format_stochastic_pl (P := rounding_process d r) (g := g d r) (S := 1) (largest := 4));
    first [ apply stochastic_runs | apply runs_update | apply stochastic_stepsize | objective_facts
      ].
Qed.
End Roundings.
