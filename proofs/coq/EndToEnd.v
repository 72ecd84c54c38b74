(** * From a format's parameters to the bounds: E1n to E3p

    SGD with gradients rounded coordinate by coordinate, w_{k+1} = w_k - mu Q_k, in an orthonormal
    basis e_0, ..., e_{d-1}: p significant bits, u = (1/2)^p, subnormal spacing h, loss scale S;
    Delta = F(w_0) - F_inf, gap = F(w_0) - F_star.

      E1n, E1p  nearest, rho = u/(1+u), eta2 = d (h/(2S))^2,
                kappa = (1 + L mu)(1 - rho^2) - (L mu)^2 > 0,
                N = (1 + L mu) ((rho^2 + L mu) sigma2 + eta2):
                  (1/K) sum E G_k <= 2 Delta/(K mu kappa) + N/kappa
                  E F(w_K) - F_star <= B_u + (1 - c mu kappa)^K (gap - B_u),  B_u = N/(2 c kappa)
      E2n, E2p  toward zero: the same with mu m for mu, m = (1+u)/(1+2u), eta2 = d (h/S)^2
      E3n, E3p  stochastic, omega = u^2/(1+2u), tau2 = d (h/(2S))^2, mu (1 + omega) <= 1/L:
                  (1/K) sum E G_k <= 2 Delta/(K mu) + L mu ((1 + omega) sigma2 + tau2)
                  E F(w_K) - F_star <= B_u + (1 - c mu)^K (gap - B_u),
                  B_u = L mu ((1 + omega) sigma2 + tau2)/(2c)

    What is assumed of a coordinate is what R1 to R4 prove of it.  Formats.v has the same theorems
    for Flocq's formats on R^d, with that hypothesis replaced by "no overflow". *)

From Coq Require Import Reals Lra.
From Shrinkproof Require Import Sums Vectors Probability Process Combine Smooth Sgd Quantized
  QuantizedRates.
Open Scope R_scope.

Section EndToEnd.
Context {V : Space} {P : Process} {F : Objective V} {L c mu h S sigma2 F_inf F_star : R}
        {e : nat -> V} {w : History P -> V} {g : History P -> Sample P -> V}
        {Q : History P -> Sample P -> Noise P -> V} {d p K : nat}.

Notation u := ((1 / 2) ^ p).
Notation average := (sum K (fun k => E_run k (fun h => norm2 (grad F (w h)))) / INR K).

Lemma norm2_in_basis
    (orthonormal_basis : forall x y, inner x y = sum d (fun i => inner (e i) x * inner (e i) y)) x :
  norm2 x = sum d (fun i => inner (e i) x ^ 2).
Proof. unfold norm2. rewrite orthonormal_basis. apply sum_ext. intros. ring. Qed.

Lemma u_positive : 0 < u.
Proof. apply pow_lt. lra. Qed.

(** Coordinates add up: a relative and an absolute error of each is one of the vector. *)
Lemma error_adds_up (a b : R) (Q' : History P -> Sample P -> Noise P -> V)
    (orthonormal_basis : forall x y, inner x y = sum d (fun i => inner (e i) x * inner (e i) y))
    (coordinate_error : always k xi, forall i,
       E_sample k xi (fun zeta => (inner (e i) (Q' k xi zeta) - inner (e i) (g k xi)) ^ 2)
       <= a * inner (e i) (g k xi) ^ 2 + b) :
  quantization_error g Q' (fun s => a * s + INR d * b).
Proof.
  intros k xi R Hxi. rewrite (norm2_in_basis orthonormal_basis (g k xi)).
  rewrite <- sum_scale, <- sum_const, <- sum_add.
  apply Rle_trans with (sum d (fun i =>
    E_sample k xi (fun zeta => (inner (e i) (Q' k xi zeta) - inner (e i) (g k xi)) ^ 2))).
  - right. transitivity (E_sample k xi (fun zeta =>
      sum d (fun i => (inner (e i) (Q' k xi zeta) - inner (e i) (g k xi)) ^ 2))).
    + apply E_equal. intros zeta _. rewrite (norm2_in_basis orthonormal_basis). apply sum_ext.
      intros i _. now rewrite inner_sub_r.
    + apply E_sum.
  - apply sum_le. intros i _. apply coordinate_error; assumption.
Qed.

(** ** Nearest *)

Lemma nearest_error_adds_up
    (orthonormal_basis : forall x y, inner x y = sum d (fun i => inner (e i) x * inner (e i) y))
    (round_to_nearest : always k xi zeta, forall i,
       (inner (e i) (Q k xi zeta) - inner (e i) (g k xi)) ^ 2
       <= (u / (1 + u) * inner (e i) (g k xi)) ^ 2 + (h / (2 * S)) ^ 2) :
  quantization_error g Q (fun s => (u / (1 + u)) ^ 2 * s + INR d * (h / (2 * S)) ^ 2).
Proof.
  apply (error_adds_up _ _ Q orthonormal_basis). intros k xi R Hxi i. rewrite <- Rpow_mult_distr.
  apply E_at_most. intros zeta Hzeta. apply (round_to_nearest k xi zeta R Hxi Hzeta i).
Qed.

Theorem nearest_nonconvex
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : quantized_update w Q (fun _ => mu))
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (mu_positive : 0 < mu)
    (orthonormal_basis : forall x y, inner x y = sum d (fun i => inner (e i) x * inner (e i) y))
    (round_to_nearest : always k xi zeta, forall i,
       (inner (e i) (Q k xi zeta) - inner (e i) (g k xi)) ^ 2
       <= (u / (1 + u) * inner (e i) (g k xi)) ^ 2 + (h / (2 * S)) ^ 2)
    (kappa_positive : 0 < (1 + L * mu) * (1 - (u / (1 + u)) ^ 2) - (L * mu) ^ 2)
    (bounded_below : bounded_below F F_inf)
    (K_positive : 0 < INR K) :
  let rho := u / (1 + u) in
  let kappa := (1 + L * mu) * (1 - rho ^ 2) - (L * mu) ^ 2 in
  let eta2 := INR d * (h / (2 * S)) ^ 2 in
  average <= 2 * (F (w start) - F_inf) / (INR K * mu * kappa)
             + (1 + L * mu) * ((rho ^ 2 + L * mu) * sigma2 + eta2) / kappa.
Proof.
  intros rho kappa eta2.
  assert (k1 : 2 - L * mu - (1 - L * mu) ^ 2 / 1 - (1 + L * mu) * rho ^ 2 = kappa) by (unfold kappa;
    field).
  assert (k0 : 0 < 2 - L * mu - (1 - L * mu) ^ 2 / 1 - (1 + L * mu) * rho ^ 2)
    by (rewrite k1; exact kappa_positive).
  assert (T := nonconvex_relative_absolute (t := 1)
    (K := K) L_positive smoothness update unbiased variance
    mu_positive (nearest_error_adds_up orthonormal_basis round_to_nearest) Rlt_0_1 k0 bounded_below
      K_positive).
  cbv zeta in T. fold rho eta2 in T. rewrite k1 in T.
  eapply Rle_trans; [apply T|].
  right. field. lra.
Qed.

Theorem nearest_pl
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : quantized_update w Q (fun _ => mu))
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (mu_positive : 0 < mu)
    (orthonormal_basis : forall x y, inner x y = sum d (fun i => inner (e i) x * inner (e i) y))
    (round_to_nearest : always k xi zeta, forall i,
       (inner (e i) (Q k xi zeta) - inner (e i) (g k xi)) ^ 2
       <= (u / (1 + u) * inner (e i) (g k xi)) ^ 2 + (h / (2 * S)) ^ 2)
    (kappa_positive : 0 < (1 + L * mu) * (1 - (u / (1 + u)) ^ 2) - (L * mu) ^ 2)
    (polyak_lojasiewicz : polyak_lojasiewicz F c F_star)
    (c_positive : 0 < c)
    (c_at_most_L : c <= L) :
  let rho := u / (1 + u) in
  let kappa := (1 + L * mu) * (1 - rho ^ 2) - (L * mu) ^ 2 in
  let eta2 := INR d * (h / (2 * S)) ^ 2 in
  let B_u := (1 + L * mu) * ((rho ^ 2 + L * mu) * sigma2 + eta2) / (2 * c * kappa) in
  E_run K (fun h => F (w h)) - F_star
  <= B_u + (1 - c * mu * kappa) ^ K * (F (w start) - F_star - B_u).
Proof.
  intros rho kappa eta2.
  assert (k1 : 2 - L * mu - (1 - L * mu) ^ 2 / 1 - (1 + L * mu) * rho ^ 2 = kappa) by (unfold kappa;
    field).
  assert (k0 : 0 < 2 - L * mu - (1 - L * mu) ^ 2 / 1 - (1 + L * mu) * rho ^ 2)
    by (rewrite k1; exact kappa_positive).
  assert (T := pl_relative_absolute (t := 1) (K := K) L_positive smoothness update unbiased variance
    mu_positive (nearest_error_adds_up orthonormal_basis round_to_nearest) Rlt_0_1 k0
      polyak_lojasiewicz c_positive c_at_most_L).
  cbv zeta in T. fold rho eta2 in T. rewrite k1 in T.
  replace ((L * mu * (1 + L * mu / 1) * sigma2 + (1 + L * mu) * (rho ^ 2 * sigma2 + eta2)) /
    (2 * c * kappa))
    with ((1 + L * mu) * ((rho ^ 2 + L * mu) * sigma2 + eta2) / (2 * c * kappa)) in T by (field;
      lra).
  exact T.
Qed.

(** ** Toward zero: rounding to relative error rho, at stepsize mu m *)

Lemma toward_zero_error_adds_up
    (orthonormal_basis : forall x y, inner x y = sum d (fun i => inner (e i) x * inner (e i) y))
    (round_toward_zero : always k xi zeta, forall i,
       0 <= (inner (e i) (Q k xi zeta) - 1 / (1 + 2 * u) * inner (e i) (g k xi))
            * (inner (e i) (g k xi) - inner (e i) (Q k xi zeta))
            + 1 / (1 + 2 * u) * (h / S) ^ 2) :
  let m := (1 + u) / (1 + 2 * u) in
  quantization_error g (fun k xi zeta => / m * Q k xi zeta)%V
    (fun s => (u / (1 + u)) ^ 2 * s + INR d * (h / S) ^ 2).
Proof.
  intros m. assert (u0 := u_positive). apply (error_adds_up _ _ _ orthonormal_basis).
  intros k xi R Hxi i. apply E_at_most. intros zeta Hzeta. rewrite inner_scale_r.
  assert (Z := round_toward_zero k xi zeta R Hxi Hzeta i). unfold m.
  set (x := inner (e i) (g k xi)) in *. set (y := inner (e i) (Q k xi zeta)) in *.
  set (v := u) in *. clearbody v.
  apply (le_of_gap _ _ ((1 + 2 * v) ^ 2 / (1 + v) ^ 2
           * ((y - 1 / (1 + 2 * v) * x) * (x - y) + 1 / (1 + 2 * v) * (h / S) ^ 2)
         + v ^ 2 / (1 + v) ^ 2 * (h / S) ^ 2)).
  - set (z := h / S). field. lra.
  - apply Rplus_le_le_0_compat; [| nonneg].
    apply Rmult_le_pos; [apply quotient_nonneg; [apply pow2_ge_0 | positive] | exact Z].
Qed.

Lemma toward_zero_update (update : quantized_update w Q (fun _ => mu)) :
  let m := (1 + u) / (1 + 2 * u) in
  quantized_update w (fun k xi zeta => / m * Q k xi zeta)%V (fun _ => mu * m).
Proof.
  intros m k xi zeta R Hxi Hzeta. rewrite (update k xi zeta R Hxi Hzeta). assert (u0 := u_positive).
  vector_field. unfold m. apply Rgt_not_eq, Rdiv_lt_0_compat; lra.
Qed.

Theorem toward_zero_nonconvex
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : quantized_update w Q (fun _ => mu))
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (mu_positive : 0 < mu)
    (orthonormal_basis : forall x y, inner x y = sum d (fun i => inner (e i) x * inner (e i) y))
    (round_toward_zero : always k xi zeta, forall i,
       0 <= (inner (e i) (Q k xi zeta) - 1 / (1 + 2 * u) * inner (e i) (g k xi))
            * (inner (e i) (g k xi) - inner (e i) (Q k xi zeta))
            + 1 / (1 + 2 * u) * (h / S) ^ 2) :
  let m := (1 + u) / (1 + 2 * u) in
  let rho := u / (1 + u) in
  let kappa := (1 + L * mu * m) * (1 - rho ^ 2) - (L * mu * m) ^ 2 in
  let eta2 := INR d * (h / S) ^ 2 in
  forall
    (kappa_positive : 0 < kappa)
    (bounded_below : bounded_below F F_inf)
    (K_positive : 0 < INR K),
  average <= 2 * (F (w start) - F_inf) / (INR K * mu * m * kappa)
             + (1 + L * mu * m) * ((rho ^ 2 + L * mu * m) * sigma2 + eta2) / kappa.
Proof.
  intros m rho kappa eta2 kappa_positive bounded_below K_positive.
  assert (u0 := u_positive).
  assert (m0 : 0 < m) by (apply Rdiv_lt_0_compat; lra).
  assert (mum : 0 < mu * m) by (now apply Rmult_lt_0_compat).
  assert (k1 : 2 - L * (mu * m) - (1 - L * (mu * m)) ^ 2 / 1 - (1 + L * (mu * m)) * rho ^ 2 = kappa)
    by (unfold kappa; field).
  assert (k0 : 0 < 2 - L * (mu * m) - (1 - L * (mu * m)) ^ 2 / 1 - (1 + L * (mu * m)) * rho ^ 2)
    by (rewrite k1; exact kappa_positive).
  assert (T := nonconvex_relative_absolute (t := 1) (K := K) L_positive smoothness
    (toward_zero_update update)
    unbiased variance mum (toward_zero_error_adds_up orthonormal_basis round_toward_zero) Rlt_0_1 k0
    bounded_below K_positive).
  cbv zeta in T. fold m rho eta2 in T. rewrite k1 in T.
  eapply Rle_trans; [apply T|].
  right. field. lra.
Qed.

Theorem toward_zero_pl
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : quantized_update w Q (fun _ => mu))
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (mu_positive : 0 < mu)
    (orthonormal_basis : forall x y, inner x y = sum d (fun i => inner (e i) x * inner (e i) y))
    (round_toward_zero : always k xi zeta, forall i,
       0 <= (inner (e i) (Q k xi zeta) - 1 / (1 + 2 * u) * inner (e i) (g k xi))
            * (inner (e i) (g k xi) - inner (e i) (Q k xi zeta))
            + 1 / (1 + 2 * u) * (h / S) ^ 2) :
  let m := (1 + u) / (1 + 2 * u) in
  let rho := u / (1 + u) in
  let kappa := (1 + L * mu * m) * (1 - rho ^ 2) - (L * mu * m) ^ 2 in
  let eta2 := INR d * (h / S) ^ 2 in
  forall
    (kappa_positive : 0 < kappa)
    (polyak_lojasiewicz : polyak_lojasiewicz F c F_star)
    (c_positive : 0 < c)
    (c_at_most_L : c <= L),
  let B_u := (1 + L * mu * m) * ((rho ^ 2 + L * mu * m) * sigma2 + eta2) / (2 * c * kappa) in
  E_run K (fun h => F (w h)) - F_star
  <= B_u + (1 - c * mu * m * kappa) ^ K * (F (w start) - F_star - B_u).
Proof.
  intros m rho kappa eta2 kappa_positive polyak_lojasiewicz c_positive c_at_most_L.
  assert (u0 := u_positive).
  assert (m0 : 0 < m) by (apply Rdiv_lt_0_compat; lra).
  assert (mum : 0 < mu * m) by (now apply Rmult_lt_0_compat).
  assert (k1 : 2 - L * (mu * m) - (1 - L * (mu * m)) ^ 2 / 1 - (1 + L * (mu * m)) * rho ^ 2 = kappa)
    by (unfold kappa; field).
  assert (k0 : 0 < 2 - L * (mu * m) - (1 - L * (mu * m)) ^ 2 / 1 - (1 + L * (mu * m)) * rho ^ 2)
    by (rewrite k1; exact kappa_positive).
  assert (T := pl_relative_absolute (t := 1) (K := K) L_positive smoothness
    (toward_zero_update update)
    unbiased variance mum (toward_zero_error_adds_up orthonormal_basis round_toward_zero) Rlt_0_1 k0
    polyak_lojasiewicz c_positive c_at_most_L).
  cbv zeta in T. fold m rho eta2 in T. rewrite k1 in T.
  replace ((L * (mu * m) * (1 + L * (mu * m) / 1) * sigma2
            + (1 + L * (mu * m)) * (rho ^ 2 * sigma2 + eta2)) / (2 * c * kappa))
    with ((1 + L * mu * m) * ((rho ^ 2 + L * mu * m) * sigma2 + eta2) / (2 * c * kappa)) in T
      by (field; lra).
  rewrite (Rmult_assoc c mu m). exact T.
Qed.

(** ** Stochastic *)

Theorem stochastic_nonconvex
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : quantized_update w Q (fun _ => mu))
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (mu_positive : 0 < mu)
    (orthonormal_basis : forall x y, inner x y = sum d (fun i => inner (e i) x * inner (e i) y))
    (stochastic_rounding : always k xi, forall i,
       E_sample k xi (fun zeta => (inner (e i) (Q k xi zeta) - inner (e i) (g k xi)) ^ 2)
       <= u ^ 2 / (1 + 2 * u) * inner (e i) (g k xi) ^ 2 + (h / (2 * S)) ^ 2)
    (quantization_unbiased : quantization_unbiased g Q)
    (stepsize_bound : mu * (1 + u ^ 2 / (1 + 2 * u)) <= 1 / L)
    (bounded_below : bounded_below F F_inf)
    (K_positive : 0 < INR K) :
  let omega := u ^ 2 / (1 + 2 * u) in
  let tau2 := INR d * (h / (2 * S)) ^ 2 in
  average <= 2 * (F (w start) - F_inf) / (INR K * mu) + L * mu * ((1 + omega) * sigma2 + tau2).
Proof.
  intros omega tau2. assert (u0 := u_positive).
  assert (o0 : 0 <= omega) by (apply quotient_nonneg; [apply pow2_ge_0 | lra]).
  apply (nonconvex_unbiased L_positive smoothness update unbiased variance mu_positive
    quantization_unbiased (error_adds_up _ _ Q orthonormal_basis stochastic_rounding) o0
    stepsize_bound bounded_below K_positive).
Qed.

Theorem stochastic_pl
    (L_positive : 0 < L)
    (smoothness : smooth F L)
    (update : quantized_update w Q (fun _ => mu))
    (unbiased : unbiased F w g)
    (variance : variance F w g sigma2)
    (mu_positive : 0 < mu)
    (orthonormal_basis : forall x y, inner x y = sum d (fun i => inner (e i) x * inner (e i) y))
    (stochastic_rounding : always k xi, forall i,
       E_sample k xi (fun zeta => (inner (e i) (Q k xi zeta) - inner (e i) (g k xi)) ^ 2)
       <= u ^ 2 / (1 + 2 * u) * inner (e i) (g k xi) ^ 2 + (h / (2 * S)) ^ 2)
    (quantization_unbiased : quantization_unbiased g Q)
    (stepsize_bound : mu * (1 + u ^ 2 / (1 + 2 * u)) <= 1 / L)
    (polyak_lojasiewicz : polyak_lojasiewicz F c F_star)
    (c_positive : 0 < c)
    (c_at_most_L : c <= L) :
  let omega := u ^ 2 / (1 + 2 * u) in
  let tau2 := INR d * (h / (2 * S)) ^ 2 in
  let B_u := L * mu * ((1 + omega) * sigma2 + tau2) / (2 * c) in
  E_run K (fun h => F (w h)) - F_star <= B_u + (1 - c * mu) ^ K * (F (w start) - F_star - B_u).
Proof.
  intros omega tau2. assert (u0 := u_positive).
  assert (o0 : 0 <= omega) by (apply quotient_nonneg; [apply pow2_ge_0 | lra]).
  apply (pl_unbiased L_positive smoothness update unbiased variance mu_positive
    quantization_unbiased (error_adds_up _ _ Q orthonormal_basis stochastic_rounding) o0
    stepsize_bound polyak_lojasiewicz c_positive c_at_most_L).
Qed.

End EndToEnd.
