(** * The two readings agree

    The kernel's theorems are read on a finite probability space with a filtration (Filtration.v),
    the theorems here on random processes (Process.v).  The runs of a process up to any horizon N
    are such a space, if equality of samples and of quantizer draws is decidable: stage 2k sees the
    first k steps, stage 2k+1 the sample of step k as well.  On it, for k < N, the conditional
    expectations are those of the process:

      E[f | stage 2k]    =  E_past,     f known after step k;
      E[f | stage 2k+1]  =  E_sample;
      E[f | stage 0]     =  E_run k,    f known from the past of step k <= N. *)

From Coq Require Import Reals Lra List Arith Lia.
From Shrinkproof Require Import Vectors Probability Process.
From Shrinkproof Require Filtration.
Import ListNotations.
Open Scope R_scope.

Section Agreement.
Context {P : Process}.
Hypothesis sample_eq : forall a b : Sample P, {a = b} + {a <> b}.
Hypothesis noise_eq : forall a b : Noise P, {a = b} + {a <> b}.
Implicit Types (h p : History P) (k n : nat).

(** The first k steps of a history. *)
Definition first k h : History P := skipn (length h - k) h.

Lemma first_all k h : (length h <= k)%nat -> first k h = h.
Proof. intros H. unfold first. now replace (length h - k)%nat with 0%nat by lia. Qed.

Lemma first_after k h xi zeta : (k <= length h)%nat -> first k (after h xi zeta) = first k h.
Proof.
  intros H. unfold first, after. cbn [length].
  now replace (S (length h) - k)%nat with (S (length h - k)) by lia.
Qed.

Lemma length_first k h : length (first k h) = Nat.min k (length h).
Proof. unfold first. rewrite skipn_length. lia. Qed.

Lemma first_first k n h : (k <= n)%nat -> first k (first n h) = first k h.
Proof.
  intros H. induction h as [| [xi zeta] h IH]; [reflexivity|].
  change ((xi, zeta) :: h) with (after h xi zeta).
  destruct (Nat.le_gt_cases n (length h)) as [L | L].
  - rewrite (first_after n) by exact L. rewrite IH. symmetry. apply first_after. lia.
  - rewrite (first_all n); [reflexivity | cbn; lia].
Qed.

Lemma first_next k h : (k < length h)%nat ->
  exists xi zeta, first (S k) h = after (first k h) xi zeta.
Proof.
  induction h as [| [xi zeta] h IH]; cbn [length]; intros H; [lia|].
  change ((xi, zeta) :: h) with (after h xi zeta).
  destruct (Nat.eq_dec k (length h)) as [-> | N].
  - rewrite first_all by (cbn; lia). rewrite first_after, first_all by lia. now exists xi, zeta.
  - rewrite !first_after by lia. apply IH. lia.
Qed.

(** What is seen: the steps, and perhaps one more sample. *)
Definition Label : Type := (History P * option (Sample P))%type.

Lemma label_eq (a b : Label) : {a = b} + {a <> b}.
Proof. repeat decide equality; (apply sample_eq || apply noise_eq). Defined.

Definition next_sample k h : option (Sample P) :=
  if length h <=? k then None else option_map fst (hd_error (first (S k) h)).

Definition view (s : nat) h : Label :=
  if Nat.even s then (first (Nat.div2 s) h, None)
  else (first (Nat.div2 s) h, next_sample (Nat.div2 s) h).

Lemma even_or_odd s : exists k, s = (2 * k)%nat \/ s = S (2 * k).
Proof. destruct (Nat.Even_or_Odd s) as [[k H] | [k H]]; exists k; lia. Qed.

Lemma view_even k h : view (2 * k) h = (first k h, None).
Proof.
  unfold view. rewrite Nat.div2_double. replace (Nat.even (2 * k)) with true; [reflexivity|].
  symmetry. apply Nat.even_spec. now exists k.
Qed.

Lemma view_odd k h : view (S (2 * k)) h = (first k h, next_sample k h).
Proof.
  unfold view. rewrite Nat.div2_succ_double. replace (Nat.even (S (2 * k))) with false;
    [reflexivity|].
  symmetry. rewrite Nat.even_succ, <- Nat.negb_even.
  replace (Nat.even (2 * k)) with true; [reflexivity|].
  symmetry. apply Nat.even_spec. now exists k.
Qed.

Lemma view_at_the_start h h' : view 0 h = view 0 h'.
Proof.
  rewrite !(view_even 0). unfold first. now rewrite !Nat.sub_0_r, !skipn_all.
Qed.

Lemma view_later s h h' : view (S s) h = view (S s) h' -> view s h = view s h'.
Proof.
  destruct (even_or_odd s) as [k [-> | ->]].
  - rewrite !view_odd, !view_even. intros H. injection H as H _. now rewrite H.
  - replace (S (S (2 * k))) with (2 * S k)%nat by lia. rewrite !view_even, !view_odd. intros H.
    injection H as H. assert (L := f_equal (@length _) H). rewrite !length_first in L.
    rewrite <- (first_first k (S k) h), <- (first_first k (S k) h'), H by lia. f_equal.
    unfold next_sample. rewrite H.
    destruct (Nat.leb_spec (length h) k), (Nat.leb_spec (length h') k); (reflexivity || lia).
Qed.

(** The runs of the process up to step n. *)
Definition runs n : Filtration.Filtered :=
  {| Filtration.Outcome := History P; Filtration.law := law n; Filtration.Label := Label;
     Filtration.label_eq := label_eq; Filtration.view := view;
     Filtration.nothing_at_the_start := view_at_the_start; Filtration.later_sees_more := view_later |}.

Lemma marginal k n (f : History P -> R) :
  (k <= n)%nat -> E (law n) (fun h => f (first k h)) = E_run k f.
Proof.
  intros H. induction H as [| n H IH].
  - apply E_equal. intros h Hh. apply possible_law in Hh. destruct Hh as [_ <-].
    now rewrite first_all.
  - change (E_run (S n) (fun h => f (first k h)) = E_run k f). rewrite E_run_S, <- IH.
    apply E_run_equal. intros h _ L. rewrite <- (E_past_const h (f (first k h))).
    apply E_past_equal. intros. rewrite first_after; [reflexivity | unfold time in L; lia].
Qed.

(** E[f | stage 0] is the mean over the run. *)
Theorem run_agrees k n (f : History P -> R) h :
  (k <= n)%nat -> Filtration.CE (O := runs n) 0 (fun h => f (first k h)) h = E_run k f.
Proof.
  intros H. rewrite Filtration.CE_at_the_start. now apply marginal.
Qed.

(** A quantity of step k, known after it, as one of the whole run. *)
Definition of_step k (f : History P -> Sample P -> Noise P -> R) h : R :=
  match first (S k) h with [] => 0 | (xi, zeta) :: p => f p xi zeta end.

Definition is_past (p q : History P) : R := if label_eq (p, None) (q, None) then 1 else 0.

Lemma is_past_spec p q c d : (p = q -> c = d) -> is_past p q * c = is_past p q * d.
Proof.
  intros H. unfold is_past. destruct (label_eq (p, None) (q, None)) as [E | E]; [| ring].
  injection E as E. now rewrite H.
Qed.

Lemma seen_at_even k n h h' :
  Filtration.indicator (Filtration.same (O := runs n) (2 * k) h h') = is_past (first k h) (first k h').
Proof.
  unfold Filtration.same, is_past. cbn [Filtration.label_eq Filtration.view runs].
  rewrite !view_even.
  now destruct (label_eq _ _).
Qed.

Lemma step_of_run k n (f : History P -> Sample P -> Noise P -> R) :
  (k < n)%nat -> E (law n) (of_step k f) = E_run k (fun p => E_past p (f p)).
Proof.
  intros H. transitivity (E_run (S k) (fun h => match h
    with [] => 0 | (xi, zeta) :: p => f p xi zeta end)).
  - apply (marginal (S k) n (fun h => match h with [] => 0 | (xi, zeta) :: p => f p xi zeta end)).
    lia.
  - rewrite E_run_S. reflexivity.
Qed.

Lemma step_there k n h : (k < n)%nat -> possible (law n) h ->
  exists xi zeta, first (S k) h = after (first k h) xi zeta.
Proof.
  intros H Hh. apply possible_law in Hh. destruct Hh as [_ L]. unfold time in L. apply first_next.
  lia.
Qed.

Lemma chance_of_past k n h : (k < n)%nat ->
  Filtration.chance (O := runs n) (2 * k) h = E_run k (is_past (first k h)).
Proof.
  intros H. transitivity (E (law n) (of_step k (fun p _ _ => is_past (first k h) p))).
  - apply E_equal. intros h' Hh'. rewrite seen_at_even. unfold of_step.
    destruct (step_there k n h' H Hh') as (xi & zeta & ->). reflexivity.
  - rewrite step_of_run by exact H. apply E_run_equal. intros. apply E_past_const.
Qed.

(** E[f | past]. *)
Theorem past_agrees k n (f : History P -> Sample P -> Noise P -> R) h :
  (k < n)%nat -> possible (law n) h ->
  Filtration.CE (O := runs n) (2 * k) (of_step k f) h = E_past (first k h) (f (first k h)).
Proof.
  intros H Hh. assert (C := Filtration.chance_positive (O := runs n) (2 * k) h Hh).
  unfold Filtration.CE. apply Rmult_eq_reg_r with (Filtration.chance (O := runs n) (2 * k) h);
    [| lra].
  unfold Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra. rewrite chance_of_past by exact H.
  transitivity (E (law n) (of_step k (fun p xi zeta => is_past (first k h) p * f p xi zeta))).
  - apply E_equal. intros h' Hh'. rewrite seen_at_even. unfold of_step.
    destruct (step_there k n h' H Hh') as (xi & zeta & ->). reflexivity.
  - rewrite step_of_run by exact H. rewrite <- E_run_scale. apply E_run_equal. intros p _ _.
    rewrite E_past_scale, (Rmult_comm (E_past _ _)). apply is_past_spec. now intros <-.
Qed.

(** E[f | past, sample]. *)
Definition is_seen (p : History P) (xi : Sample P) q xi' : R :=
  if label_eq (p, Some xi) (q, Some xi') then 1 else 0.

Lemma is_seen_spec p xi q xi' c d :
  (p = q -> xi = xi' -> c = d) -> is_seen p xi q xi' * c = is_seen p xi q xi' * d.
Proof.
  intros H. unfold is_seen. destruct (label_eq (p, Some xi) (q, Some xi')) as [E | E]; [| ring].
  injection E as E E'. now rewrite H.
Qed.

Lemma seen_at_odd k n h h' xi zeta xi' zeta' : (k < n)%nat ->
  possible (law n) h -> possible (law n) h' ->
  first (S k) h = after (first k h) xi zeta -> first (S k) h' = after (first k h') xi' zeta' ->
  Filtration.indicator (Filtration.same (O := runs n) (S (2 * k)) h h')
  = is_seen (first k h) xi (first k h') xi'.
Proof.
  intros H Hh Hh' E E'. apply possible_law in Hh, Hh'. destruct Hh as [_ L], Hh' as [_ L'].
  unfold time in L, L'. unfold Filtration.same, is_seen.
  cbn [Filtration.label_eq Filtration.view runs].
  rewrite !view_odd. unfold next_sample. rewrite E, E'.
  destruct (Nat.leb_spec (length h) k); [lia|]. destruct (Nat.leb_spec (length h') k); [lia|].
  cbn [hd_error option_map fst after]. now destruct (label_eq _ _).
Qed.

Theorem sample_agrees k n (f : History P -> Sample P -> Noise P -> R) h xi zeta :
  (k < n)%nat -> possible (law n) h -> first (S k) h = after (first k h) xi zeta ->
  Filtration.CE (O := runs n) (S (2 * k)) (of_step k f) h
  = E_sample (first k h) xi (fun zeta => f (first k h) xi zeta).
Proof.
  intros H Hh Ex. assert (C := Filtration.chance_positive (O := runs n) (S (2 * k)) h Hh).
  unfold Filtration.CE. apply Rmult_eq_reg_r with (Filtration.chance (O := runs n) (S (2 * k)) h);
    [| lra].
  unfold Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
  assert (num : forall f, E (law n) (fun h' => Filtration.indicator
    (Filtration.same (O := runs n) (S (2 * k)) h h')
                            * of_step k f h')
            = E_run k (fun p => E (sample_law p) (fun xi' => is_seen (first k h) xi p xi'
                * E_sample p xi' (fun zeta => f p xi' zeta)))).
  { intros f'. transitivity (E (law n) (of_step k (fun p xi' zeta => is_seen
      (first k h) xi p xi' * f' p xi' zeta))).
    - apply E_equal. intros h' Hh'. destruct (step_there k n h' H Hh') as (xi' & zeta' & E').
      rewrite (seen_at_odd k n h h' xi zeta xi' zeta' H Hh Hh' Ex E'). unfold of_step.
      now rewrite E'.
    - rewrite step_of_run by exact H. apply E_run_equal. intros p _ _. apply E_equal. intros xi' _.
      unfold E_sample. now rewrite E_scale. }
  rewrite num. unfold Filtration.chance. change (@Filtration.law (runs n)) with (law (P := P) n).
  rewrite (E_equal (law n) (fun h' => Filtration.indicator _)
    (fun h' => Filtration.indicator (Filtration.same (O := runs n) (S (2 * k)) h h') * of_step k
      (fun _ _ _ => 1) h')).
  2: { intros h' Hh'. unfold of_step. destruct (step_there k n h' H Hh') as (xi' & zeta' & ->). cbn.
       ring. }
  rewrite num, <- E_run_scale. apply E_run_equal. intros p _ _. rewrite <- E_scale. apply E_equal.
  intros xi' _. assert (one : E_sample p xi' (fun _ => 1) = 1) by apply E_const.
  rewrite one, Rmult_1_r, (Rmult_comm (E_sample _ _ _)).
  apply is_seen_spec. now intros <- <-.
Qed.
End Agreement.
