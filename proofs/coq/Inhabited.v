(** * The hypotheses are not vacuous

    For every dimension d, SGD on the ill-conditioned quadratic F(x) = sum_i (a_i/2) x_i^2 of R^d
    with 1 <= a_i <= 2, noise of random signs in every coordinate of the sample and of the
    quantizer (sigma2 = tau2 = d), and a shrinkage factor that alternates between 1/2 and 1, by the
    clock or by the last sample seen, satisfies every hypothesis of the convergence theorems.  Each
    theorem is applied to it; its conclusion there is printed as an example. *)

From Coq Require Import Reals Lra Lia List.
From Shrinkproof Require Import Sums Vectors Probability Process Combine Smooth Foundations Sgd OneStep
  Objectives NoisyRuns Nonconvex PolyakLojasiewicz Diminishing Floors Distance Values Convex.
Import ListNotations.
Open Scope R_scope.

Section Instance.
Variable d : nat.

(** Curvatures 1 and 2, alternating. *)
Definition curvature (i : nat) : R := if Nat.even i then 1 else 2.
Definition objective : Objective (Rn d) := diagonal curvature d.

Lemma curvature_range i : 1 <= curvature i <= 2.
Proof. unfold curvature. destruct (Nat.even i); lra. Qed.

Lemma objective_smooth : smooth objective 2.
Proof. apply diagonal_smooth. intros i. assert (A := curvature_range i). lra. Qed.

Lemma objective_strongly_convex : strongly_convex objective 1.
Proof. apply diagonal_strongly_convex. intros i. apply curvature_range. Qed.

Lemma objective_convex : convex objective.
Proof. apply (convex_of_strongly_convex _ 1); [lra | apply objective_strongly_convex]. Qed.

Lemma objective_stationary : grad objective 0%V = 0%V.
Proof. apply diagonal_stationary. Qed.

Lemma objective_attained : 0 = objective 0%V.
Proof. symmetry. apply diagonal_minimum. Qed.

Lemma objective_pl : polyak_lojasiewicz objective 1 0.
Proof.
  apply (strong_convexity_implies_pl (w_star := 0%V));
    [lra | apply objective_strongly_convex | apply objective_attained].
Qed.

Lemma objective_bounded_below : bounded_below objective 0.
Proof.
  intros x. rewrite objective_attained.
  assert (C := objective_convex 0%V x). rewrite objective_stationary, inner_zero_l in C. lra.
Qed.

(** The process: stepsizes mu, shrinkage q. *)
Definition process : Process := additive (signs d) (signs d).
Variable w_0 : Rn d.
Variable mu : nat -> R.

(** Predictable: what the last sample's first coordinate says. *)
Definition q_random (h : History process) : R :=
  match h with
  | [] => 1
  | (xi, _) :: _ => if Rlt_dec 0 (coordinate xi 0) then 1 else 1 / 2
  end.

(** Scheduled: by the clock. *)
Definition q_clock (k : nat) : R := if Nat.even k then 1 else 1 / 2.

Lemma q_random_range h : 1 / 2 <= q_random h <= 1.
Proof. destruct h as [| [xi zeta] h]; cbn; [lra|]. destruct (Rlt_dec 0 _); lra. Qed.

Lemma q_clock_range k : 1 / 2 <= q_clock k <= 1.
Proof. unfold q_clock. destruct (Nat.even k); lra. Qed.

Definition w_random : History process -> Rn d := iterate _ _ objective w_0 mu q_random.
Definition w_clock : History process -> Rn d := iterate _ _ objective w_0 mu (fun h => q_clock (time h)).

Definition g (w : History process -> Rn d) (h : History process) (xi : Sample process) : Rn d :=
  (grad objective (w h) + xi)%V.
Definition eps (h : History process) (xi : Sample process) (zeta : Noise process) : Rn d := zeta.

Lemma update_random : update w_random q_random (g w_random) eps mu.
Proof. apply runs_update. Qed.

Lemma update_clock : update w_clock (fun h => q_clock (time h)) (g w_clock) eps mu.
Proof. apply runs_update. Qed.

Lemma sampled_unbiased q : let w := iterate _ _ objective w_0 mu q in unbiased objective w (g w).
Proof. apply runs_unbiased, signs_mean. Qed.

Lemma sampled_variance q : let w := iterate _ _ objective w_0 mu q in variance objective w (g w) (INR d).
Proof. apply runs_variance_at_most, signs_variance. Qed.

Lemma eps_unbiased : noise_unbiased eps.
Proof. apply runs_noise_unbiased, signs_mean. Qed.

Lemma eps_variance : noise_variance eps (INR d).
Proof. apply runs_noise_variance_at_most, signs_variance. Qed.

End Instance.

Arguments w_random {d} _ _ _.
Arguments w_clock {d} _ _ _.
Arguments q_random {d} _.

(** In dimension 1 and more q_random really is random: after one step it is 1 or 1/2. *)
Lemma q_random_is_random d :
  exists h h' : History (process (S d)),
    reachable h /\ reachable h' /\ time h = time h' /\ q_random h <> q_random h'.
Proof.
  assert (plus : exists x, possible (signs (S d)) (1, x) /\ possible (signs (S d)) (-1, x)).
  { destruct (some_possible (signs d)) as [x Hx]. exists x.
    cbn [signs]. split; apply possible_bind.
    - exists 1. split; [exists (1 / 2); cbn; split; [now left | lra]|].
      apply possible_image. now exists x.
    - exists (-1). split; [exists (1 - 1 / 2); cbn; split; [right; now left | lra]|].
      apply possible_image. now exists x. }
  destruct plus as (x & H1 & H2).
  exists (after (P := process (S d)) start (1, x) (1, x)),
         (after (P := process (S d)) start (-1, x) (-1, x)).
  repeat split; try assumption. cbn.
  destruct (Rlt_dec 0 1) as [_ | N]; [| lra]. destruct (Rlt_dec 0 (-1)) as [N | _]; lra.
Qed.

(** ** Every theorem applies *)
Section Applications.
Variables (d : nat) (w_0 : Rn d) (K : nat).
Notation F := (objective d).

Notation q := (q_random (d := d)).
Notation G w := (fun k => E_run k (fun h => norm2 (grad F (w h)))).

Local Ltac hypotheses :=
  first [ apply objective_smooth | apply objective_strongly_convex | apply objective_convex
        | apply objective_stationary | apply objective_attained | apply objective_pl
        | apply objective_bounded_below | apply update_random | apply update_clock
        | apply sampled_unbiased | apply sampled_variance | apply eps_unbiased | apply eps_variance
        | intros ? _; apply q_random_range | intros ?; apply q_clock_range | eassumption | lra ].

(** Effective stepsizes, at mu = 1/4, 1/2 <= q <= 1. *)
Lemma clock_range k : 0 <= 1 / 4 * q_clock k <= 1 / 4.
Proof. assert (Q := q_clock_range k). lra. Qed.

Lemma random_range h : 0 <= 1 / 4 * q h <= 1 / 4.
Proof. assert (Q := q_random_range d h). lra. Qed.

Lemma positive_sum : 0 < INR K -> 0 < sum K (fun _ => 1 / 4).
Proof. intros HK. rewrite sum_const. lra. Qed.

Let w := w_random w_0 (fun _ => 1 / 4).
Let v := w_clock w_0 (fun _ => 1 / 4).

Example T1_applies : 0 < INR K ->
  sum K (G w) / INR K
  <= 2 * (F (w start) - 0) / (INR K * (1 / 4) * (1 / 2))
     + 2 * (1 / 4) * (1 ^ 2 * INR d + INR d) / (1 / 2).
Proof. intros HK. eapply nonconvex_fixed_step; hypotheses. Qed.

Example T1s_applies :
  sum K (fun k => E_run k (fun h => 1 / 4 * q h * (2 - 2 * (1 / 4) * q h) * norm2 (grad F (w h))))
  <= 2 * (F (w start) - 0)
     + 2 * sum K (fun k => E_run k (fun h => (1 / 4 * q h) ^ 2) * INR d + (1 / 4) ^ 2 * INR d).
Proof. eapply (nonconvex_weighted (mu := fun _ => 1 / 4)); hypotheses. Qed.

Example T2_applies : 0 < INR K ->
  sum K (fun k => 1 / 4 * G w k) / sum K (fun _ => 1 / 4)
  <= (2 * (F (w start) - 0) + 2 * (1 ^ 2 * INR d + INR d) * sum K (fun _ => (1 / 4) ^ 2))
     / (1 / 2 * sum K (fun _ => 1 / 4)).
Proof.
  intros HK. eapply (nonconvex_diminishing (mu := fun _ => 1 / 4)); try hypotheses;
    try (intros; lra).
  now apply positive_sum.
Qed.

Example T3_applies :
  let B := 2 * (1 / 4) / (2 * 1) * Rmax (1 / 2 * INR d + INR d / (1 / 2)) (1 * INR d + INR d / 1) in
  E_run K (fun h => F (v h)) - 0
  <= B + prod K (fun k => 1 - 1 * (1 / 4) * q_clock k) * (F (v start) - 0 - B).
Proof. eapply pl_scheduled; hypotheses. Qed.

Example T3p_applies :
  let B_p := 2 * (1 / 4) * (1 ^ 2 * INR d + INR d) / (2 * 1 * (1 / 2)) in
  E_run K (fun h => F (w h)) - 0 <= B_p + (1 - 1 * (1 / 4) * (1 / 2)) ^ K * (F (w start) - 0 - B_p).
Proof. eapply pl_predictable; hypotheses. Qed.

Fixpoint radius (k : nat) : R :=
  match k with
  | O => norm2 (v start - 0)
  | S n => (1 - 1 * (1 / 4) * q_clock n) ^ 2 * radius n
           + (1 / 4 * q_clock n) ^ 2 * INR d + (1 / 4) ^ 2 * INR d
  end.

Example T3d_applies : E_run K (fun h => norm2 (v h - 0)) <= radius K.
Proof.
  eapply (distance_scheduled (r := radius) (L := 2) (c := 1) (mu := fun _ => 1 / 4) (q := q_clock));
    try hypotheses; try (intros k; assert (A := clock_range k)); try lra; reflexivity.
Qed.

Example T3e_applies :
  let B_d := Rmax (1 / 4 * (1 / 2 * INR d + INR d / (1 / 2)) / (1 * (2 - 1 * (1 / 4) * (1 / 2))))
                  (1 / 4 * (1 * INR d + INR d / 1) / (1 * (2 - 1 * (1 / 4) * 1))) in
  E_run K (fun h => norm2 (v h - 0))
  <= B_d + prod K (fun k => (1 - 1 * (1 / 4) * q_clock k) ^ 2) * (norm2 (v start - 0) - B_d).
Proof. eapply (distance_closed_form (L := 2)); hypotheses. Qed.

Example T3s_applies :
  let B_d := Rmax (1 / 4 * (1 / 2 * INR d + INR d / (1 / 2)) / (1 * (2 - 1 * (1 / 4) * (1 / 2))))
                  (1 / 4 * (1 * INR d + INR d / 1) / (1 * (2 - 1 * (1 / 4) * 1))) in
  let B_s := 2 / 2 * B_d in
  E_run K (fun h => F (v h)) - 0
  <= B_s + prod K (fun k => (1 - 1 * (1 / 4) * q_clock k) ^ 2) * (F (v start) - 0 - B_s).
Proof. eapply values_scheduled; hypotheses. Qed.

Example T3pd_applies :
  let B := 1 / 4 * (1 ^ 2 * INR d + INR d) / (1 * (1 / 2) * (2 - 1 * (1 / 4) * (1 / 2))) in
  E_run K (fun h => norm2 (w h - 0))
  <= B + ((1 - 1 * (1 / 4) * (1 / 2)) ^ 2) ^ K * (norm2 (w start - 0) - B).
Proof. eapply (distance_predictable (L := 2)); hypotheses. Qed.

Example T3ps_applies :
  let B := 2 / 2 * (1 / 4) * (1 ^ 2 * INR d + INR d) / (1 * (1 / 2) * (2 - 1 * (1 / 4) * (1 / 2))) in
  E_run K (fun h => F (w h)) - 0 <= B + ((1 - 1 * (1 / 4) * (1 / 2)) ^ 2) ^ K * (F (w start) - 0 - B).
Proof. eapply values_predictable; hypotheses. Qed.

(** mu_k = 4/(8 + k). *)
Example T4_applies :
  E_run K (fun h => F (w_random w_0 (fun k => 4 / (8 + INR k)) h)) - 0
  <= Rmax (8 * (F (w_random w_0 (fun k => 4 / (8 + INR k)) start) - 0))
          (2 * 4 ^ 2 * (1 ^ 2 * INR d + INR d) / (2 * (1 * 4 * (1 / 2) - 1))) / (8 + INR K).
Proof. eapply pl_diminishing; hypotheses. Qed.

Example T5p_applies :
  sum K (fun k => E_run k (fun h => 1 / 4 * q h * (F (w h) - 0)))
  <= (norm2 (w start - 0)
      + sum K (fun k => E_run k (fun h => (1 / 4 * q h) ^ 2) * INR d + (1 / 4) ^ 2 * INR d)) / 2.
Proof.
  eapply (convex_weighted_sum (L := 2) (mu := fun _ => 1 / 4)); try hypotheses;
    intros h _; assert (A := random_range h); lra.
Qed.

Fixpoint total_weighted (h : History (process d)) : Rn d :=
  match h with
  | [] => 0%V
  | _ :: past => (total_weighted past + (1 / 4 * q_clock (length past)) * v past)%V
  end.

Example T5_applies : 0 < INR K ->
  E_run K (fun h => F (total_weighted h / sum K (fun k => 1 / 4 * q_clock k))%V) - 0
  <= (norm2 (v start - 0) + sum K (fun k => (1 / 4 * q_clock k) ^ 2 * INR d + (1 / 4) ^ 2 * INR d))
     / (2 * sum K (fun k => 1 / 4 * q_clock k)).
Proof.
  intros HK. eapply (convex_average (L := 2) (mu := fun _ => 1 / 4)); try hypotheses;
    try (intros k; assert (A := clock_range k); lra); try reflexivity.
  apply sum_positive; [now apply INR_lt|]. intros k _. assert (A := q_clock_range k). lra.
Qed.

(** mu_k = (1/2)/sqrt(k+1). *)
Example T2r_applies : 0 < INR K ->
  let mu := fun k => 1 / 2 / sqrt (INR (S k)) in
  let x := w_random w_0 mu in
  let H := sum K (fun k => 1 / INR (S k)) in
  sum K (G x) / INR K
  <= sqrt (INR (S K)) * (2 * (F (x start) - 0) + 2 * (1 ^ 2 * INR d + INR d) * (1 / 2) ^ 2 * H)
     / (INR K * (1 / 2) * (1 / 2))
  /\
  sum K (fun k => mu k * G x k) / sum K mu
  <= (2 * (F (x start) - 0) + 2 * (1 ^ 2 * INR d + INR d) * (1 / 2) ^ 2 * H)
     / (2 * (1 / 2) * (1 / 2) * (sqrt (INR (S K)) - 1)).
Proof.
  intros HK mu x. apply (nonconvex_square_root_stepsizes (q := q_random (d := d)) (g := g d x)
    (eps := eps d));
    first [reflexivity | hypotheses].
Qed.

(** F(x) = (3/2) |x|^2, constant q = 1/2, mu = 1/4: E |w_K|^2 exactly. *)
Example LB_applies :
  let z := iterate (signs d) (signs d) (bowl 3 0%V) w_0 (fun _ => 1 / 4) (fun _ => 1 / 2) in
  let B_d := 1 / 4 * (1 / 2 * INR d + INR d / (1 / 2)) / (3 * (2 - 3 * (1 / 4) * (1 / 2))) in
  E_run K (fun h => norm2 (z h - 0))
  = B_d + ((1 - 3 * (1 / 4) * (1 / 2)) ^ 2) ^ K * (norm2 (z start - 0) - B_d).
Proof.
  intros z. eapply (quadratic_lower_bound (P := process d) (F := bowl 3 0%V) (F_star := 0) (w := z)
    (g := sampled_gradient _ _ _ _ _ _) (eps := added_noise _ _)); try lra.
  - intros x. cbn. ring.
  - reflexivity.
  - apply runs_update.
  - apply runs_unbiased, signs_mean.
  - intros h R. rewrite <- signs_variance. now apply runs_variance.
  - apply runs_noise_unbiased, signs_mean.
  - intros h R. rewrite <- signs_variance. now apply runs_noise_variance.
Qed.
End Applications.
