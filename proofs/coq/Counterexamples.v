(** * What fails without predictability, and without a schedule: C1, C2

    Both on the real line, F(x) = x^2/2.

      C1  Q5 is not Q1.  At w = 1 the stochastic gradient is 3 or -1 with probability 1/2, so its
          mean is 1; shrunk by q = 1/4 where it is 3 and not at all where it is -1, its mean is
          -1/8: the expected step goes uphill.  T3p is false for shrinkage that sees the sample.
      C2  Predictable is not scheduled.  Noise +-1, mu = 1/2, q_k = 1/10 if the last two samples
          agree (w is far out), else 1: from w_0 = w_star, E |w_3 - w_star|^2 = 993/2560, above the
          1/3 that T3e allows for every schedule in [1/10, 1], every K.  T3e is false for
          predictable q_k. *)

From Coq Require Import Reals Lra Lia List.
From Shrinkproof Require Import Sums Vectors Probability Process Combine Smooth Foundations Sgd
  Objectives NoisyRuns Floors Distance.
Import ListNotations.
Open Scope R_scope.

Definition parabola : Objective line := bowl 1 (0 : line).

(** ** C1 *)

(** T3p with a q that may depend on the sample. *)
Definition pl_with_sample_dependent_shrinkage : Prop :=
  forall (V : Space) (P : Process) (F : Objective V) (L c mu q_min q_max sigma2 tau2 F_star : R)
         (w : History P -> V) (g : History P -> Sample P -> V) (q : History P -> Sample P -> R)
         (eps : History P -> Sample P -> Noise P -> V) (K : nat),
  0 < L ->
  smooth F L ->
  (always h xi zeta, w (after h xi zeta) = (w h - mu * (q h xi * g h xi + eps h xi zeta))%V) ->
  unbiased F w g ->
  variance F w g sigma2 ->
  noise_unbiased eps ->
  noise_variance eps tau2 ->
  0 < mu ->
  0 < q_min ->
  (always h xi, q_min <= q h xi) ->
  (always h xi, q h xi <= q_max) ->
  mu * q_max <= 1 / L ->
  polyak_lojasiewicz F c F_star ->
  0 < c ->
  c <= L ->
  let B_p := L * mu * (q_max ^ 2 * sigma2 + tau2) / (2 * c * q_min) in
  E_run K (fun h => F (w h)) - F_star
  <= B_p + (1 - c * mu * q_min) ^ K * (F (w start) - F_star - B_p).

(** Noise 2 or -2, told apart by a coin; no quantization noise. *)
Definition coins : Process :=
  {| Sample := bool; Noise := unit;
     sample_law := fun _ => coin true false; noise_law := fun _ _ => dirac tt |}.

Lemma E_past_coins (h : History coins) f : E_past h f = (f true tt + f false tt) / 2.
Proof. unfold E_past, E_sample. cbn [sample_law noise_law coins]. now rewrite E_coin, !E_dirac. Qed.

Lemma M_past_coins (h : History coins) (f : bool -> unit -> line) (m : line) :
  (f true tt + f false tt)%V = (2 * m)%V -> M_past (P := coins) h f = m.
Proof.
  intros H. rewrite M_past_step. apply M_unique. intros v.
  rewrite <- (E_past_step h (fun xi zeta => inner (f xi zeta) v)), E_past_coins, <- inner_add_l, H.
  rewrite inner_scale_l. field.
Qed.

Lemma no_noise_unbiased : noise_unbiased (P := coins) (fun _ _ _ => 0 : line)%V.
Proof. intros h xi _ _. apply M_const. Qed.

Lemma no_noise_variance : noise_variance (P := coins) (fun _ _ _ => 0 : line)%V 0.
Proof. intros h _. rewrite E_past_coins. cbn. lra. Qed.

Definition sign (b : bool) : R := if b then 1 else -1.

Section UphillStep.

Definition uphill_q (b : bool) : R := if b then 1 / 4 else 1.

Fixpoint uphill (h : History coins) : line :=
  match h with
  | [] => 1%R
  | (b, _) :: past => (uphill past - 1 / 10 * (uphill_q b * (uphill past + 2 * sign b)))%R
  end.

Definition uphill_gradient (h : History coins) (b : bool) : line := (uphill h + 2 * sign b)%R.

(** The gradient at 1 is 1, that of the sample 3 or -1, with mean 1; shrunk, -1/8. *)
Theorem mean_of_gradient_is_downhill :
  grad parabola (uphill start) = 1 /\
  E_past (P := coins) start (fun b _ => uphill_gradient start b) = 1 /\
  E_past (P := coins) start (fun b _ => uphill_q b * uphill_gradient start b) = -1 / 8.
Proof. rewrite !E_past_coins. unfold uphill_gradient. cbn. repeat split; lra. Qed.

Theorem sample_dependent_shrinkage_fails : ~ pl_with_sample_dependent_shrinkage.
Proof.
  intros T.
  specialize (T line coins parabola 1 1 (1 / 10) (1 / 4) 1 4 0 0 uphill uphill_gradient
                (fun _ b => uphill_q b) (fun _ _ _ => 0 : line)%V 1%nat).
  cbv zeta in T.
  assert (B : E_run 1 (fun h => parabola (uphill h)) - 0
              <= 1 * (1 / 10) * (1 ^ 2 * 4 + 0) / (2 * 1 * (1 / 4))
                 + (1 - 1 * (1 / 10) * (1 / 4)) ^ 1
                   * (parabola (uphill start) - 0 - 1 * (1 / 10) * (1 ^ 2 * 4 + 0) /
                       (2 * 1 * (1 / 4)))).
  { apply T; clear T; try lra.
    - apply bowl_smooth.
    - intros h b [] _ _ _. unfold uphill_gradient. cbn. ring.
    - intros h _. apply M_past_coins. cbn. unfold uphill_gradient. cbn. ring.
    - intros h _. rewrite E_past_coins. cbn. unfold uphill_gradient. cbn. lra.
    - exact no_noise_unbiased.
    - exact no_noise_variance.
    - intros h b _ _. unfold uphill_q. destruct b; lra.
    - intros h b _ _. unfold uphill_q. destruct b; lra.
    - apply bowl_pl. lra. }
  rewrite E_run_S, E_run_0, E_past_coins in B. cbn in B. lra.
Qed.
End UphillStep.

(** ** C2 *)

Section FarOut.

Definition far_out_q (h : History coins) : R :=
  match h with
  | (b, _) :: (b', _) :: [] => if Bool.eqb b b' then 1 / 10 else 1
  | _ => 1
  end.

Fixpoint far_out (h : History coins) : line :=
  match h with
  | [] => 0%R
  | (b, _) :: past => (far_out past - 1 / 2 * (far_out_q past * (far_out past + sign b)))%R
  end.

Definition far_out_gradient (h : History coins) (b : bool) : line := (far_out h + sign b)%R.

Lemma far_out_q_range h : 1 / 10 <= far_out_q h <= 1.
Proof.
  destruct h as [| [b u] [| [b' u'] [| o h]]]; cbn; try lra. destruct (Bool.eqb b b'); lra.
Qed.

(** The instance satisfies every hypothesis of T3e but that q_k is scheduled. *)
Theorem far_out_is_an_instance :
  smooth parabola 1 /\ strongly_convex parabola 1 /\ grad parabola (0 : line)%V = (0 : line)%V /\
  update (V := line) far_out far_out_q far_out_gradient (fun _ _ _ => 0 : line)%V (fun _ => 1 / 2) /\
  unbiased parabola far_out far_out_gradient /\
  variance parabola far_out far_out_gradient 1 /\
  noise_unbiased (P := coins) (fun _ _ _ => 0 : line)%V /\
  noise_variance (P := coins) (fun _ _ _ => 0 : line)%V 0 /\
  q_lower far_out_q (1 / 10) /\ q_upper far_out_q 1 /\
  1 / 2 * 1 * (1 + 1) <= 2 /\ far_out start = (0 : line)%V.
Proof.
  repeat split.
  - apply bowl_smooth.
  - apply bowl_strongly_convex.
  - cbn. ring.
  - intros h b [] _ _ _. unfold far_out_gradient. cbn. ring.
  - intros h _. apply M_past_coins. cbn. unfold far_out_gradient. cbn. ring.
  - intros h _. rewrite E_past_coins. unfold far_out_gradient. cbn. lra.
  - exact no_noise_unbiased.
  - exact no_noise_variance.
  - intros h _. apply far_out_q_range.
  - intros h _. apply far_out_q_range.
  - lra.
Qed.

Theorem far_out_distance :
  E_run 3 (fun h => norm2 (far_out h - 0)%V) = 993 / 2560.
Proof. rewrite !E_run_S, E_run_0, !E_past_coins. cbn. field. Qed.

(** The floor of T3e for these constants is 1/3, *)
Theorem floor_of_every_schedule :
  Rmax (1 / 2 * (1 / 10 * 1 + 0 / (1 / 10)) / (1 * (2 - 1 * (1 / 2) * (1 / 10))))
       (1 / 2 * (1 * 1 + 0 / 1) / (1 * (2 - 1 * (1 / 2) * 1))) = 1 / 3.
Proof. rewrite Rmax_right; lra. Qed.

(** and from w_star no schedule in [1/10, 1] exceeds it, whatever the objective, the noise and K. *)
Theorem no_schedule_exceeds_it (V : Space) (P : Process) (F : Objective V) (w_star : V)
    (q : nat -> R) (w : History P -> V) (g : History P -> Sample P -> V)
    (eps : History P -> Sample P -> Noise P -> V) K :
  smooth F 1 -> strongly_convex F 1 -> grad F w_star = 0%V ->
  update w (fun h => q (time h)) g eps (fun _ => 1 / 2) ->
  unbiased F w g -> variance F w g 1 -> noise_unbiased eps -> noise_variance eps 0 ->
  (forall k, 1 / 10 <= q k) -> (forall k, q k <= 1) -> w start = w_star ->
  E_run K (fun h => norm2 (w h - w_star)) <= 1 / 3.
Proof.
  intros S C G U UB VB NU NV lo hi W.
  assert (T := distance_closed_form (L := 1) (c := 1) (mu := 1 / 2) (q_min := 1 / 10) (q_max := 1)
    (K := K)
    Rlt_0_1 Rlt_0_1 S C G U UB VB NU NV ltac:(lra) ltac:(lra) lo hi ltac:(lra)).
  cbv zeta in T. rewrite floor_of_every_schedule, W in T.
  replace (norm2 (w_star - w_star)) with 0 in T by (expand; ring).
  assert (p : 0 <= prod K (fun k => (1 - 1 * (1 / 2) * q k) ^ 2)).
  { apply prod_nonneg. intros. apply pow2_ge_0. }
  lra.
Qed.

(** A predictable q_k does. *)
Theorem predictable_exceeds_every_schedule :
  1 / 3 < E_run 3 (fun h => norm2 (far_out h - 0)%V).
Proof. rewrite far_out_distance. lra. Qed.
End FarOut.
