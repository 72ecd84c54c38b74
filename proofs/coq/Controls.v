(** * Controls: what must not be provable, is not

    Every check of this development is shown to be able to fail.  A proof that is accepted stands
    next to the same proof of something wrong, which Coq must refuse ([Fail] succeeds only if the
    command after it fails): a constant changed, a hypothesis dropped, a multiplier doubled, a
    shrinkage factor that sees the sample where it must be predictable.  At the end, an axiom is
    smuggled in; Controls.golden shows that the audit sees it. *)

From Coq Require Import Reals Lra.
From Shrinkproof Require Import Sums Vectors Probability Process Combine Smooth Foundations Sgd OneStep
  Nonconvex PolyakLojasiewicz Distance Quantized Objectives NoisyRuns.
Open Scope R_scope.

(** A theorem, with whichever of the hypotheses fit. *)
Ltac hypothesis := multimatch goal with H : _ |- _ => exact H end.
Ltac by_theorem t := intros; cbv zeta; once (solve [eapply t; hypothesis]).

(** ** Constants *)

(** T1 with a in the place of the 2 before Delta, and b of the 1 before L mu V. *)
Definition T1_with (a b : R) : Prop :=
  forall (V : Space) (P : Process) (F : Objective V) (L mu q_min q_max sigma2 tau2 F_inf : R)
    (w : History P -> V) (q : History P -> R) (g : History P -> Sample P -> V)
    (eps : History P -> Sample P -> Noise P -> V) (K : nat),
  0 < L -> smooth F L -> update w q g eps (fun _ => mu) -> unbiased F w g -> variance F w g sigma2 ->
  noise_unbiased eps -> noise_variance eps tau2 -> 0 < mu -> 0 < q_min -> q_lower q q_min ->
  q_upper q q_max -> mu * q_max <= 1 / L -> bounded_below F F_inf -> 0 < INR K ->
  sum K (fun k => E_run k (fun h => norm2 (grad F (w h)))) / INR K
  <= a * (F (w start) - F_inf) / (INR K * mu * q_min)
     + b * (L * mu * (q_max ^ 2 * sigma2 + tau2)) / q_min.

Ltac T1 := unfold T1_with; intros; rewrite ?Rmult_1_l; by_theorem @nonconvex_fixed_step.

Goal T1_with 2 1. Proof. T1. Qed.
Goal T1_with 1 1. Proof. Fail T1. Abort.
Goal T1_with 2 (1 / 2). Proof. Fail T1. Abort.

(** T3e with a in the place of the 2 in its floor. *)
Definition T3e_with (a : R) : Prop :=
  forall (V : Space) (P : Process) (F : Objective V) (L c mu q_min q_max sigma2 tau2 : R) (w_star : V)
    (q : nat -> R) (w : History P -> V) (g : History P -> Sample P -> V)
    (eps : History P -> Sample P -> Noise P -> V) (K : nat),
  0 < L -> 0 < c -> smooth F L -> strongly_convex F c -> grad F w_star = 0%V ->
  update w (fun h => q (time h)) g eps (fun _ => mu) -> unbiased F w g -> variance F w g sigma2 ->
  noise_unbiased eps -> noise_variance eps tau2 -> 0 < mu -> 0 < q_min -> (forall k, q_min <= q k) ->
  (forall k, q k <= q_max) -> mu * q_max * (L + c) <= 2 ->
  let B_d := Rmax (mu * (q_min * sigma2 + tau2 / q_min) / (c * (a - c * mu * q_min)))
                  (mu * (q_max * sigma2 + tau2 / q_max) / (c * (a - c * mu * q_max))) in
  E_run K (fun h => norm2 (w h - w_star))
  <= B_d + prod K (fun k => (1 - c * mu * q k) ^ 2) * (norm2 (w start - w_star) - B_d).

Ltac T3e := unfold T3e_with; by_theorem @distance_closed_form.

Goal T3e_with 2. Proof. T3e. Qed.
Goal T3e_with 3. Proof. Fail T3e. Abort.

(** And it is false: noise 1 or -1, mu = 1/2, one step from the minimiser of x^2/2. *)
Lemma coin_mean : M (coin 1 (-1) : dist line) (fun x => x) = (0 : line)%V.
Proof. apply M_unique. intros v. rewrite E_coin. cbn. field. Qed.

Lemma coin_variance : E (coin 1 (-1) : dist line) norm2 = 1.
Proof. rewrite E_coin. cbn. field. Qed.

Lemma no_noise_mean : M (dirac (0 : line)%V) (fun x => x) = (0 : line)%V.
Proof. exact (M_dirac (0 : line)%V (fun x => x)). Qed.

Lemma no_noise_variance : E (dirac (0 : line)%V) norm2 = 0.
Proof. rewrite E_dirac. apply norm2_zero. Qed.

Theorem T3e_with_3_is_false : ~ T3e_with 3.
Proof.
  intros T. set (D := coin 1 (-1) : dist line). set (D' := dirac (0 : line)%V).
  set (F := bowl 1 (0 : line)%V). set (mu := fun _ : nat => 1 / 2).
  set (P := additive D D'). set (q := fun _ : History P => 1).
  set (w := iterate D D' F (0 : line)%V mu q).
  assert (C := T line P F 1 1 (1 / 2) 1 1 1 0 (0 : line)%V (fun _ => 1) w
    (sampled_gradient D D' F (0 : line)%V mu q) (added_noise D D') 1%nat Rlt_0_1 Rlt_0_1
    (bowl_smooth 1 (0 : line)%V) (bowl_strongly_convex 1 (0 : line)%V)
    ltac:(cbn; ring) (runs_update D D' F _ mu q) (runs_unbiased D D' F _ mu q coin_mean)
    (runs_variance_at_most D D' F _ mu q 1 coin_variance) (runs_noise_unbiased D D' no_noise_mean)
    (runs_noise_variance_at_most D D' 0 no_noise_variance)
    ltac:(lra) Rlt_0_1 (fun _ => Rle_refl 1) (fun _ => Rle_refl 1) ltac:(lra)).
  cbv zeta in C. rewrite Rmax_left in C by apply Rle_refl.
  replace (1 / 2 * (1 * 1 + 0 / 1) / (1 * (3 - 1 * (1 / 2) * 1))) with (1 / 5) in C by field.
  rewrite E_run_S, E_run_0 in C. unfold E_past, E_sample in C. cbn [sample_law noise_law P additive] in C.
  unfold D, D' in C. rewrite E_coin, !E_dirac in C. cbn in C. unfold mu, q in C. lra.
Qed.

(** ** Hypotheses: T3p without any one of them *)

Section Hypotheses.
Context {V : Space} {P : Process} {F : Objective V} {L c mu q_min q_max sigma2 tau2 F_star : R}
        {w : History P -> V} {q : History P -> R} {g : History P -> Sample P -> V}
        {eps : History P -> Sample P -> Noise P -> V} {K : nat}.
Hypothesis L_positive : 0 < L.
Hypothesis smoothness : smooth F L.
Hypothesis step : update w q g eps (fun _ => mu).
Hypothesis unbiased_g : unbiased F w g.
Hypothesis variance_g : variance F w g sigma2.
Hypothesis unbiased_eps : noise_unbiased eps.
Hypothesis variance_eps : noise_variance eps tau2.
Hypothesis mu_positive : 0 < mu.
Hypothesis q_min_positive : 0 < q_min.
Hypothesis lower : q_lower q q_min.
Hypothesis upper : q_upper q q_max.
Hypothesis stepsize_bound : mu * q_max <= 1 / L.
Hypothesis pl : polyak_lojasiewicz F c F_star.
Hypothesis c_positive : 0 < c.
Hypothesis c_at_most_L : c <= L.

Notation claim :=
  (let B_p := L * mu * (q_max ^ 2 * sigma2 + tau2) / (2 * c * q_min) in
   E_run K (fun h => F (w h)) - F_star
   <= B_p + (1 - c * mu * q_min) ^ K * (F (w start) - F_star - B_p)).
Ltac T3p := by_theorem @pl_predictable.

Goal claim. Proof. T3p. Qed.
Goal claim. Proof. clear L_positive. Fail T3p. Abort.
Goal claim. Proof. clear smoothness. Fail T3p. Abort.
Goal claim. Proof. clear step. Fail T3p. Abort.
Goal claim. Proof. clear unbiased_g. Fail T3p. Abort.
Goal claim. Proof. clear variance_g. Fail T3p. Abort.
Goal claim. Proof. clear unbiased_eps. Fail T3p. Abort.
Goal claim. Proof. clear variance_eps. Fail T3p. Abort.
Goal claim. Proof. clear mu_positive. Fail T3p. Abort.
Goal claim. Proof. clear q_min_positive. Fail T3p. Abort.
Goal claim. Proof. clear lower. Fail T3p. Abort.
Goal claim. Proof. clear upper. Fail T3p. Abort.
Goal claim. Proof. clear stepsize_bound. Fail T3p. Abort.
Goal claim. Proof. clear pl. Fail T3p. Abort.
Goal claim. Proof. clear c_positive. Fail T3p. Abort.
Goal claim. Proof. clear c_at_most_L. Fail T3p. Abort.
End Hypotheses.

(** ** Multipliers: F3 by its certificate *)

Section Multipliers.
Context {V : Space} {F : Objective V} {c : R} {w_star : V}.
Hypothesis c_positive : 0 < c.
Hypothesis strong_convexity : strongly_convex F c.

Ltac F3 m s :=
  let S := fresh in
  intros x; assert (S := strong_convexity x w_star);
  combine (m * c * (F w_star - (F x + inner (grad F x) (w_star - x) + c / 2 * norm2 (w_star - x)))
           + s * norm2 (grad F x + c * (w_star - x))).

Goal forall x, 2 * c * (F x - F w_star) <= norm2 (grad F x).
Proof. F3 2 1. Qed.
Goal forall x, 2 * c * (F x - F w_star) <= norm2 (grad F x).
Proof. Fail F3 4 1. Fail F3 1 1. Fail F3 2 2. Fail F3 2 (-1). Abort.
Goal forall x, 4 * c * (F x - F w_star) <= norm2 (grad F x).
Proof. Fail F3 2 1. Fail F3 4 1. Abort.
End Multipliers.

(** A combination with a negative weight is an identity, and yet no proof. *)
Goal forall a b : R, 0 <= a -> 0 <= b -> a - b <= a.
Proof. intros a b A B. combine b. Qed.
Goal forall a b : R, 0 <= a -> 0 <= b -> a <= a - b.
Proof. intros a b A B. Fail combine (- b). Abort.

(** ** Predictability is a matter of types *)

Section Predictability.
Context {V : Space} {P : Process} {w : History P -> V} {g : History P -> Sample P -> V}
        {eps : History P -> Sample P -> Noise P -> V} {mu : nat -> R}.
Variable predictable : History P -> R.
Variable sample_dependent : History P -> Sample P -> R.
Check update w predictable g eps mu.
Fail Check update w sample_dependent g eps mu.
End Predictability.

(** What the sample determines does not come out of E[. | past]. *)
Section Measurability.
Context {P : Process} (h : History P) (a : R) (b : Sample P -> R) (f : Sample P -> Noise P -> R).
Goal E_past h (fun xi zeta => a * f xi zeta) = a * E_past h f.
Proof. apply E_past_scale. Qed.
Goal forall xi0, E_past h (fun xi zeta => b xi * f xi zeta) = b xi0 * E_past h f.
Proof. intros. Fail apply E_past_scale. Abort.
End Measurability.

(** ** A smuggled axiom is seen *)

Axiom smuggled : forall a b : R, a <= b.
Lemma anything : 1 <= 0.
Proof. apply smuggled. Qed.
Print Assumptions anything.
