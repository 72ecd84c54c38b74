(** * The floor of a biased quantizer is real: T7c is attained as mu tends to 0

    For every 0 < u < 1 and every stepsize mu, an instance of T7c on the line, F(w) = w^2/2: at w
    the stochastic gradient is w + (1 - u) with probability (1 + u)/2 and
    w - (1 + u) otherwise, so sigma2 = 1 - u^2; Q shrinks the first by 1 - u and stretches the
    second by 1 + u, a relative error of exactly u.  Then from w_0 = u, for every K,

      E |grad F(w_K)|^2 >= u^2 sigma2 / (1 - u^2),

    the limit of the floor of T7c as mu tends to 0: a bias of relative size u is not removed by small
    steps.  For mu (1 + u) <= 1 the quantizer is a function of g alone: g is never negative in the
    first case and never positive in the second. *)

From Coq Require Import Reals Lra List.
From Shrinkproof Require Import Sums Vectors Probability Process Combine Smooth Sgd Objectives Quantized
  QuantizedRates.
Import ListNotations.
Open Scope R_scope.

Section BiasFloor.
Variables u mu : R.
Hypothesis u_range : 0 < u < 1.

Lemma chance_of_plus : 0 <= (1 + u) / 2 <= 1.
Proof. lra. Qed.

Definition lopsided : Process :=
  {| Sample := bool; Noise := unit;
     sample_law := fun _ => two_points ((1 + u) / 2) true false chance_of_plus;
     noise_law := fun _ _ => dirac tt |}.

Definition noise (b : bool) : R := if b then 1 - u else - (1 + u).
Definition factor (b : bool) : R := if b then 1 - u else 1 + u.

Fixpoint w (h : History lopsided) : line :=
  match h with
  | [] => u
  | (b, _) :: past => (w past - mu * (factor b * (w past + noise b)))%R
  end.

Definition g (h : History lopsided) (b : bool) : line := (w h + noise b)%R.
Definition Q (h : History lopsided) (b : bool) (_ : unit) : line := (factor b * (w h + noise b))%R.
Definition F : Objective line := bowl 1 (0 : line).

Lemma E_past_lopsided (h : History lopsided) f :
  E_past h f = (1 + u) / 2 * f true tt + (1 - u) / 2 * f false tt.
Proof.
  unfold E_past, E_sample. cbn [sample_law noise_law lopsided]. rewrite E_two_points, !E_dirac.
  field.
Qed.

(** The hypotheses of T7c. *)
Theorem lopsided_is_an_instance :
  smooth F 1 /\ quantized_update w Q (fun _ => mu) /\ unbiased F w g /\
  variance F w g (1 - u ^ 2) /\ quantization_error g Q (fun s => u ^ 2 * s) /\ bounded_below F 0.
Proof.
  repeat split.
  - apply bowl_smooth.
  - intros h b [] _ _ _. unfold Q. cbn. ring.
  - intros h _. rewrite M_past_step. apply M_unique. intros v.
    rewrite <- (E_past_step h (fun xi zeta => inner (g h xi) v)), E_past_lopsided.
    unfold g, noise. cbn. field.
  - intros h _. rewrite E_past_lopsided. unfold g, noise. cbn. right. field.
  - intros h b _ _. unfold E_sample. cbn [noise_law lopsided]. rewrite E_dirac.
    unfold Q, g, factor. destruct b; cbn; right; ring.
  - apply bowl_bounded_below. lra.
Qed.

(** Each step's mean moves towards u, so E w_K = u for ever. *)
Lemma mean_stays K : E_run K w = u.
Proof.
  induction K as [| K IH]; [apply E_run_0|]. rewrite E_run_S.
  rewrite (E_run_equal K _ (fun h => (1 - mu * (1 - u ^ 2)) * w h + mu * (1 - u ^ 2) * u)).
  - rewrite E_run_add, E_run_scale, E_run_const, IH. ring.
  - intros h _ _. rewrite E_past_lopsided. cbn. field.
Qed.

Theorem bias_floor_is_attained K :
  u ^ 2 * (1 - u ^ 2) / (1 - u ^ 2) <= E_run K (fun h => norm2 (grad F (w h))).
Proof.
  assert (d : 0 < 1 - u ^ 2) by nra.
  replace (u ^ 2 * (1 - u ^ 2) / (1 - u ^ 2)) with (u ^ 2) by (field; lra).
  assert (M := mean_stays K).
  assert (S : 0 <= E_run K (fun h => (w h - u) ^ 2)) by (apply E_run_nonneg; intros;
    apply pow2_ge_0).
  rewrite (E_run_equal K (fun h => norm2 (grad F (w h)))
    (fun h => (w h - u) ^ 2 + (2 * u * w h - u ^ 2))).
  - rewrite E_run_add, E_run_sub, E_run_scale, E_run_const, M. lra.
  - intros h _ _. cbn. ring.
Qed.
(** The factor depends on the sign of g alone. *)
Theorem factor_is_a_function_of_the_sign (mu_positive : 0 < mu) (mu_small : mu * (1 + u) <= 1) h :
  g h false <= 0 <= g h true.
Proof.
  assert (range : - (1 - u) <= w h <= 1 + u).
  { induction h as [| [[|] z] h IH]; cbn [w factor noise]; [lra | |].
    - assert (0 <= mu * (1 - u) <= 1) by nra. nra.
    - assert (0 <= mu * (1 + u) <= 1) by nra. nra. }
  unfold g, noise. cbn. lra.
Qed.

(** So T7c applies, with the bound that the floor above meets as mu tends to 0; and T7e, Q lying
    between (1 - u) g and (1 + u) g. *)
Example T7c_applies (mu_positive : 0 < mu) K :
  let kappa := (1 + 1 * mu) * (1 - u ^ 2) - (1 * mu) ^ 2 in
  0 < kappa -> 0 < INR K ->
  sum K (fun k => E_run k (fun h => norm2 (grad F (w h)))) / INR K
  <= 2 * (F (w start) - 0) / (INR K * mu * kappa) + (1 + 1 * mu) * (u ^ 2 + 1 * mu) * (1 - u ^ 2) / kappa.
Proof.
  intros kappa Hk HK. destruct lopsided_is_an_instance as (S & U & UB & VB & QE & BB).
  exact (nonconvex_relative Rlt_0_1 S U UB VB mu_positive QE Hk BB HK).
Qed.

Theorem sector_is_inhabited : sector g Q (1 - u) (1 + u).
Proof.
  intros h b z _ _ _. unfold Q, g, factor. set (x := (w h + noise b)%R). cbn.
  destruct b; right; ring.
Qed.

Example T7f_applies (mu_positive : 0 < mu) K :
  let m := (1 - u + (1 + u)) / 2 in
  let rho := (1 + u - (1 - u)) / (1 + u + (1 - u)) in
  let kappa := (1 + 1 * mu * m) * (1 - rho ^ 2) - (1 * mu * m) ^ 2 in
  0 < kappa ->
  let B_q := (1 + 1 * mu * m) * (rho ^ 2 + 1 * mu * m) * (1 - u ^ 2) / (2 * 1 * kappa) in
  E_run K (fun h => F (w h)) - 0 <= B_q + (1 - 1 * mu * m * kappa) ^ K * (F (w start) - 0 - B_q).
Proof.
  intros m rho kappa Hk. destruct lopsided_is_an_instance as (S & U & UB & VB & _ & _).
  exact (pl_sample_dependent Rlt_0_1 S U UB VB mu_positive sector_is_inhabited ltac:(lra) Hk
    (bowl_pl 1 (0 : line)%V ltac:(lra)) Rlt_0_1 (Rle_refl 1)).
Qed.
End BiasFloor.
