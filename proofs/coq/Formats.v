(** * The end-to-end theorems for floating-point formats on R^d

    E1n to E3p with the rounding itself in the place of hypotheses about its errors.  A format has p
    significant bits, subnormal spacing h = 2^emin and largest number [largest]; g, times the loss
    scale S > 0, is rounded coordinate by coordinate and divided by S.  Below [largest] in absolute
    value the rounding is Flocq's (to nearest, toward zero, or stochastic: any joint law of the
    coordinates with these marginal laws); above it, anything.  The condition that remains is
    [no_overflow]: S times every coordinate of every possible gradient is at most [largest].

    Underflow needs no condition: it is what eta2 and tau2 count. *)

From Coq Require Import Reals ZArith Lra Lia.
From Flocq Require Import Core.
From Shrinkproof Require Import Sums Vectors Probability Process Combine Smooth Sgd Quantized
  QuantizedRates Rounding EndToEnd.
Open Scope R_scope.

(** ** The standard basis *)

Fixpoint basis (d i : nat) : Rn d :=
  match d with
  | O => tt
  | S n => match i with O => (1, 0%V) | S j => (0, basis n j) end
  end.

Lemma inner_basis d i (x : Rn d) : inner (basis d i) x = coordinate x i.
Proof.
  revert i. induction d as [| d IH]; intros i; [reflexivity|].
  destruct x as [a x], i as [| j]; cbn.
  - rewrite inner_zero_l. ring.
  - rewrite IH. ring.
Qed.

Lemma basis_orthonormal d (x y : Rn d) :
  inner x y = sum d (fun i => inner (basis d i) x * inner (basis d i) y).
Proof. rewrite inner_by_coordinates. apply sum_ext. intros. now rewrite !inner_basis. Qed.

Lemma coordinate_beyond d (x : Rn d) i : (d <= i)%nat -> coordinate x i = 0.
Proof.
  revert i. induction d as [| d IH]; intros i Hi; [reflexivity|].
  destruct x, i; [lia|]. cbn. apply IH. lia.
Qed.

Lemma zero_error a b : 0 <= b -> (0 - 0) ^ 2 <= (a * 0) ^ 2 + b.
Proof. intros. lra. Qed.

Section Formats.
Context {P : Process} {d p : nat} {emin : Z} {F : Objective (Rn d)}
        {L c mu largest S sigma2 F_inf F_star : R} {rounding : R -> R}
        {w : History P -> Rn d} {g : History P -> Sample P -> Rn d}
        {Q : History P -> Sample P -> Noise P -> Rn d} {K : nat}.

Notation prec := (Z.of_nat p).
Notation u := ((1 / 2) ^ p).
Notation spacing := (spacing emin).
Notation average := (sum K (fun k => E_run k (fun h => norm2 (grad F (w h)))) / INR K).

(** The gradient, rounded at loss scale S. *)
Definition rounded_gradient (h : History P) (xi : Sample P) (_ : Noise P) : Rn d :=
  each_coordinate (fun x => rounding (S * x) / S) (g h xi).

Hypothesis bits_positive : (0 < p)%nat.
Hypothesis S_positive : 0 < S.
Hypothesis no_overflow : always h xi,
  forall i, (i < d)%nat -> Rabs (S * coordinate (g h xi) i) <= largest.

#[local] Instance prec_positive : Prec_gt_0 prec.
Proof. unfold Prec_gt_0. lia. Qed.

(** An error of S x, as one of x. *)
Lemma unscaled (x y r h : R) : (y - S * x) ^ 2 <= (r * (S * x)) ^ 2 + h ^ 2 ->
  (y / S - x) ^ 2 <= (r * x) ^ 2 + (h / S) ^ 2.
Proof. intros H. combine (1 / S ^ 2 * ((r * (S * x)) ^ 2 + h ^ 2 - (y - S * x) ^ 2)). Qed.

Lemma nearest_coordinates choice
    (rounds_to_nearest : forall x, Rabs x <= largest -> rounding x = nearest emin prec choice x) :
  always h xi zeta, forall i,
    (inner (basis d i) (rounded_gradient h xi zeta) - inner (basis d i) (g h xi)) ^ 2
    <= (u / (1 + u) * inner (basis d i) (g h xi)) ^ 2 + (spacing / (2 * S)) ^ 2.
Proof.
  intros h xi zeta R Hxi _ i. rewrite !inner_basis.
  destruct (Nat.lt_ge_cases i d) as [Hi | Hi].
  - unfold rounded_gradient. rewrite coordinate_each by exact Hi.
    rewrite rounds_to_nearest by now apply no_overflow. set (x := coordinate (g h xi) i).
    replace (spacing / (2 * S)) with (spacing / 2 / S) by (field; lra).
    apply unscaled. rewrite <- unit_roundoff_of_bits. apply (nearest_error emin prec).
  - rewrite !coordinate_beyond by exact Hi. apply zero_error, pow2_ge_0.
Qed.

Lemma toward_zero_coordinates
    (rounds_toward_zero : forall x, Rabs x <= largest -> rounding x = toward_zero emin prec x) :
  always h xi zeta, forall i,
    0 <= (inner (basis d i) (rounded_gradient h xi zeta) - 1 / (1 + 2 * u) * inner (basis d i) (g h xi))
         * (inner (basis d i) (g h xi) - inner (basis d i) (rounded_gradient h xi zeta))
         + 1 / (1 + 2 * u) * (spacing / S) ^ 2.
Proof.
  intros h xi zeta R Hxi _ i. rewrite !inner_basis.
  assert (u0 : 0 < u) by (apply pow_lt; lra).
  destruct (Nat.lt_ge_cases i d) as [Hi | Hi].
  - unfold rounded_gradient. rewrite coordinate_each by exact Hi.
    rewrite rounds_toward_zero by now apply no_overflow. set (x := coordinate (g h xi) i).
    assert (T := toward_zero_sector emin prec (S * x)). rewrite unit_roundoff_of_bits in T.
    set (y := toward_zero emin prec (S * x)) in *. set (v := u) in *.
    combine (1 / S ^ 2 * ((y - 1 / (1 + 2 * v) * (S * x)) * (S * x - y)
      + 1 / (1 + 2 * v) * spacing ^ 2)).
  - rewrite !coordinate_beyond by exact Hi. assert (A := pow2_ge_0 (spacing / S)).
    set (v := u) in *. combine (1 / (1 + 2 * v) * (spacing / S) ^ 2).
Qed.

(** Stochastic rounding: the law of each coordinate of S Q, given the sample, is that of SR. *)
Definition rounds_stochastically : Prop := always h xi, forall i, (i < d)%nat ->
  Rabs (S * coordinate (g h xi) i) <= largest ->
  forall f, E_sample h xi (fun zeta => f (S * coordinate (Q h xi zeta) i))
            = E (stochastic emin prec (S * coordinate (g h xi) i)) f.

Lemma stochastic_coordinates (rounds : rounds_stochastically) :
  always h xi, forall i,
    E_sample h xi (fun zeta => (inner (basis d i) (Q h xi zeta) - inner (basis d i) (g h xi)) ^ 2)
    <= u ^ 2 / (1 + 2 * u) * inner (basis d i) (g h xi) ^ 2 + (spacing / (2 * S)) ^ 2.
Proof.
  intros h xi R Hxi i. rewrite inner_basis.
  assert (u0 : 0 < u) by (apply pow_lt; lra).
  destruct (Nat.lt_ge_cases i d) as [Hi | Hi].
  - set (x := coordinate (g h xi) i).
    assert (B := rounds h xi R Hxi i Hi (no_overflow h xi R Hxi i Hi)
      (fun y => / S ^ 2 * (y - S * x) ^ 2)).
    cbv beta in B. fold x in B. rewrite E_scale in B.
    assert (T := stochastic_variance emin prec (S * x)). rewrite unit_roundoff_of_bits in T.
    apply Rle_trans with (E_sample h xi (fun zeta => / S ^ 2 *
      (S * coordinate (Q h xi zeta) i - S * x) ^ 2)).
    + right. apply E_equal. intros zeta _. rewrite inner_basis. field. lra.
    + rewrite B. set (V := E (stochastic _ _ _) _) in *. set (v := u) in *.
      combine (1 / S ^ 2 * (v ^ 2 / (1 + 2 * v) * (S * x) ^ 2 + (spacing / 2) ^ 2 - V)).
  - rewrite coordinate_beyond by exact Hi.
    unfold E_sample. rewrite (E_equal _ _ (fun _ => 0)); [rewrite E_const|].
    + assert (A := pow2_ge_0 (spacing / (2 * S))). lra.
    + intros zeta _. rewrite inner_basis, coordinate_beyond by exact Hi. ring.
Qed.

Lemma stochastic_is_unbiased (rounds : rounds_stochastically) : quantization_unbiased g Q.
Proof.
  intros h xi R Hxi. apply M_unique. intros v. rewrite inner_by_coordinates.
  transitivity (sum d (fun i => E_sample h xi (fun zeta => coordinate
    (Q h xi zeta) i * coordinate v i))).
  - apply sum_ext. intros i Hi.
    assert (B := rounds h xi R Hxi i Hi (no_overflow h xi R Hxi i Hi)
      (fun y => coordinate v i / S * y)).
    cbv beta in B. rewrite E_scale, stochastic_unbiased in B.
    transitivity (coordinate v i / S * (S * coordinate (g h xi) i)); [field; lra|].
    rewrite <- B. apply E_equal. intros zeta _. field. lra.
  - unfold E_sample. transitivity (E (noise_law h xi) (fun zeta =>
      sum d (fun i => coordinate (Q h xi zeta) i * coordinate v i))).
    + symmetry. apply E_sum.
    + apply E_equal. intros zeta _. now rewrite inner_by_coordinates.
Qed.

Theorem format_nearest_nonconvex choice
    (rounds_to_nearest : forall x, Rabs x <= largest -> rounding x = nearest emin prec choice x)
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : quantized_update w rounded_gradient (fun _ => mu))
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (mu_positive : 0 < mu)
    (kappa_positive : 0 < (1 + L * mu) * (1 - (u / (1 + u)) ^ 2) - (L * mu) ^ 2)
    (bounded_below : bounded_below F F_inf)
    (K_positive : 0 < INR K) :
  let rho := u / (1 + u) in
  let kappa := (1 + L * mu) * (1 - rho ^ 2) - (L * mu) ^ 2 in
  let eta2 := INR d * (spacing / (2 * S)) ^ 2 in
  average <= 2 * (F (w start) - F_inf) / (INR K * mu * kappa)
             + (1 + L * mu) * ((rho ^ 2 + L * mu) * sigma2 + eta2) / kappa.
Proof.
  exact (nearest_nonconvex (e := basis d) (S := S) L_positive smoothness update unbiased variance
    mu_positive
    (basis_orthonormal d) (nearest_coordinates choice rounds_to_nearest) kappa_positive
      bounded_below K_positive).
Qed.

Theorem format_nearest_pl choice
    (rounds_to_nearest : forall x, Rabs x <= largest -> rounding x = nearest emin prec choice x)
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : quantized_update w rounded_gradient (fun _ => mu))
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (mu_positive : 0 < mu)
    (kappa_positive : 0 < (1 + L * mu) * (1 - (u / (1 + u)) ^ 2) - (L * mu) ^ 2)
    (polyak_lojasiewicz : polyak_lojasiewicz F c F_star)
    (c_positive : 0 < c)
    (c_at_most_L : c <= L) :
  let rho := u / (1 + u) in
  let kappa := (1 + L * mu) * (1 - rho ^ 2) - (L * mu) ^ 2 in
  let eta2 := INR d * (spacing / (2 * S)) ^ 2 in
  let B_u := (1 + L * mu) * ((rho ^ 2 + L * mu) * sigma2 + eta2) / (2 * c * kappa) in
  E_run K (fun h => F (w h)) - F_star
  <= B_u + (1 - c * mu * kappa) ^ K * (F (w start) - F_star - B_u).
Proof.
  exact (nearest_pl (e := basis d) (S := S) L_positive smoothness update unbiased variance
    mu_positive
    (basis_orthonormal d) (nearest_coordinates choice rounds_to_nearest) kappa_positive
      polyak_lojasiewicz c_positive c_at_most_L).
Qed.

Theorem format_toward_zero_nonconvex
    (rounds_toward_zero : forall x, Rabs x <= largest -> rounding x = toward_zero emin prec x)
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : quantized_update w rounded_gradient (fun _ => mu))
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (mu_positive : 0 < mu)
    (kappa_positive : 0 < (1 + L * mu * ((1 + u) / (1 + 2 * u))) * (1 - (u / (1 + u)) ^ 2)
                          - (L * mu * ((1 + u) / (1 + 2 * u))) ^ 2)
    (bounded_below : bounded_below F F_inf)
    (K_positive : 0 < INR K) :
  let m := (1 + u) / (1 + 2 * u) in
  let rho := u / (1 + u) in
  let kappa := (1 + L * mu * m) * (1 - rho ^ 2) - (L * mu * m) ^ 2 in
  let eta2 := INR d * (spacing / S) ^ 2 in
  average <= 2 * (F (w start) - F_inf) / (INR K * mu * m * kappa)
             + (1 + L * mu * m) * ((rho ^ 2 + L * mu * m) * sigma2 + eta2) / kappa.
Proof.
  exact (toward_zero_nonconvex (e := basis d) (S := S) L_positive smoothness update unbiased
    variance mu_positive
    (basis_orthonormal d) (toward_zero_coordinates rounds_toward_zero) kappa_positive bounded_below
      K_positive).
Qed.

Theorem format_toward_zero_pl
    (rounds_toward_zero : forall x, Rabs x <= largest -> rounding x = toward_zero emin prec x)
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : quantized_update w rounded_gradient (fun _ => mu))
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (mu_positive : 0 < mu)
    (kappa_positive : 0 < (1 + L * mu * ((1 + u) / (1 + 2 * u))) * (1 - (u / (1 + u)) ^ 2)
                          - (L * mu * ((1 + u) / (1 + 2 * u))) ^ 2)
    (polyak_lojasiewicz : polyak_lojasiewicz F c F_star)
    (c_positive : 0 < c)
    (c_at_most_L : c <= L) :
  let m := (1 + u) / (1 + 2 * u) in
  let rho := u / (1 + u) in
  let kappa := (1 + L * mu * m) * (1 - rho ^ 2) - (L * mu * m) ^ 2 in
  let eta2 := INR d * (spacing / S) ^ 2 in
  let B_u := (1 + L * mu * m) * ((rho ^ 2 + L * mu * m) * sigma2 + eta2) / (2 * c * kappa) in
  E_run K (fun h => F (w h)) - F_star
  <= B_u + (1 - c * mu * m * kappa) ^ K * (F (w start) - F_star - B_u).
Proof.
  exact (toward_zero_pl (e := basis d) (S := S) L_positive smoothness update unbiased variance
    mu_positive
    (basis_orthonormal d) (toward_zero_coordinates rounds_toward_zero) kappa_positive
      polyak_lojasiewicz c_positive c_at_most_L).
Qed.

Theorem format_stochastic_nonconvex
    (rounds : rounds_stochastically)
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : quantized_update w Q (fun _ => mu))
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (mu_positive : 0 < mu)
    (stepsize_bound : mu * (1 + u ^ 2 / (1 + 2 * u)) <= 1 / L)
    (bounded_below : bounded_below F F_inf)
    (K_positive : 0 < INR K) :
  let omega := u ^ 2 / (1 + 2 * u) in
  let tau2 := INR d * (spacing / (2 * S)) ^ 2 in
  average <= 2 * (F (w start) - F_inf) / (INR K * mu) + L * mu * ((1 + omega) * sigma2 + tau2).
Proof.
  exact (stochastic_nonconvex (e := basis d) (S := S) L_positive smoothness update unbiased variance
    mu_positive
    (basis_orthonormal d) (stochastic_coordinates rounds)
      (stochastic_is_unbiased rounds) stepsize_bound bounded_below K_positive).
Qed.

Theorem format_stochastic_pl
    (rounds : rounds_stochastically)
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : quantized_update w Q (fun _ => mu))
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (mu_positive : 0 < mu)
    (stepsize_bound : mu * (1 + u ^ 2 / (1 + 2 * u)) <= 1 / L)
    (polyak_lojasiewicz : polyak_lojasiewicz F c F_star)
    (c_positive : 0 < c)
    (c_at_most_L : c <= L) :
  let omega := u ^ 2 / (1 + 2 * u) in
  let tau2 := INR d * (spacing / (2 * S)) ^ 2 in
  let B_u := L * mu * ((1 + omega) * sigma2 + tau2) / (2 * c) in
  E_run K (fun h => F (w h)) - F_star <= B_u + (1 - c * mu) ^ K * (F (w start) - F_star - B_u).
Proof.
  exact (stochastic_pl (e := basis d) (S := S) L_positive smoothness update unbiased variance
    mu_positive
    (basis_orthonormal d) (stochastic_coordinates rounds)
      (stochastic_is_unbiased rounds) stepsize_bound polyak_lojasiewicz c_positive c_at_most_L).
Qed.

End Formats.
