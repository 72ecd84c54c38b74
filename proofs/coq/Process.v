(** * Random processes: what is drawn when, and what is known when

    Step k of an algorithm draws twice: a sample xi, for its stochastic gradient, and then zeta,
    for its quantizer.  A history of length k is the list of these pairs for steps 0 to k-1, the
    last one first: all that is known before step k.  The laws of both draws may depend on all
    that came before.  So knowledge is a matter of types:

      - known at the start (scheduled):               nat -> T;
      - known from the past (predictable, adapted):   History P -> T;
      - known with the sample:                        History P -> Sample P -> T;
      - known after the step:                         History P -> Sample P -> Noise P -> T.

    Conditional expectations, of numbers (E) and of vectors (M):

      - [E_sample h xi f]  is E[f | past, sample], f a function of zeta;
      - [E_past h f]       is E[f | past], f a function of xi and zeta;
      - [E_run n f]        is E[f], f a function of the history of length n.

    [always h, A] says that A holds at every history of positive probability, and likewise
    [always h xi, A] and [always h xi zeta, A]. *)

From Coq Require Import Reals Lra List.
From Shrinkproof Require Import Vectors Probability.
Import ListNotations.
Open Scope R_scope.

Record Process := {
  Sample : Type;
  Noise : Type;
  sample_law : list (Sample * Noise) -> dist Sample;
  noise_law : list (Sample * Noise) -> Sample -> dist Noise
}.

Arguments sample_law {_} _.
Arguments noise_law {_} _ _.

Definition History (P : Process) : Type := list (Sample P * Noise P).
Definition start {P : Process} : History P := [].
Definition after {P : Process} (h : History P) (xi : Sample P) (zeta : Noise P) : History P :=
  (xi, zeta) :: h.
Definition time {P : Process} (h : History P) : nat := length h.

Fixpoint reachable {P : Process} (h : History P) : Prop :=
  match h with
  | [] => True
  | (xi, zeta) :: past =>
      reachable past /\ possible (sample_law past) xi /\ possible (noise_law past xi) zeta
  end.

Notation "'always' h , A" := (forall h, reachable h -> A)
  (at level 200, h name, A at level 200).
Notation "'always' h xi , A" := (forall h xi, reachable h -> possible (sample_law h) xi -> A)
  (at level 200, h name, xi name, A at level 200).
Notation "'always' h xi zeta , A" :=
  (forall h xi zeta, reachable h -> possible (sample_law h) xi -> possible (noise_law h xi) zeta -> A)
  (at level 200, h name, xi name, zeta name, A at level 200).

Section Conditional.
Context {P : Process}.
Implicit Types (h : History P) (xi : Sample P) (zeta : Noise P).

Definition E_sample h xi (f : Noise P -> R) : R := E (noise_law h xi) f.
Definition E_past h (f : Sample P -> Noise P -> R) : R :=
  E (sample_law h) (fun xi => E_sample h xi (fun zeta => f xi zeta)).

Definition M_sample {V : Space} h xi (f : Noise P -> V) : V := M (noise_law h xi) f.
Definition M_past {V : Space} h (f : Sample P -> Noise P -> V) : V :=
  M (sample_law h) (fun xi => M_sample h xi (fun zeta => f xi zeta)).

(** The law of both draws of a step, and that of the history of length n. *)
Definition step_law h : dist (Sample P * Noise P) :=
  bind (sample_law h) (fun xi => image (pair xi) (noise_law h xi)).

Fixpoint law (n : nat) : dist (History P) :=
  match n with
  | O => dirac start
  | S m => bind (law m) (fun h => image (fun o => after h (fst o) (snd o)) (step_law h))
  end.

Definition E_run (n : nat) (f : History P -> R) : R := E (law n) f.

Lemma reachable_start : reachable (start : History P).
Proof. exact I. Qed.

(** *** E[. | past] *)

Lemma E_past_step h f : E_past h f = E (step_law h) (fun o => f (fst o) (snd o)).
Proof.
  unfold step_law. rewrite E_bind. apply E_equal. intros xi _. now rewrite E_image.
Qed.

Lemma M_past_step {V : Space} h (f : Sample P -> Noise P -> V) :
  M_past h f = M (step_law h) (fun o => f (fst o) (snd o)).
Proof.
  unfold step_law. rewrite M_bind. apply M_equal. intros xi _. now rewrite M_image.
Qed.

Lemma possible_step h o :
  possible (step_law h) o <->
  possible (sample_law h) (fst o) /\ possible (noise_law h (fst o)) (snd o).
Proof.
  unfold step_law. rewrite possible_bind. split.
  - intros (xi & Hxi & H). apply possible_image in H. now destruct H as (zeta & Hzeta & ->).
  - intros [H1 H2]. exists (fst o). split; [exact H1|]. apply possible_image.
    exists (snd o). destruct o. auto.
Qed.

Lemma E_past_monotone h f g :
  (forall xi zeta, possible (sample_law h) xi -> possible (noise_law h xi) zeta ->
     f xi zeta <= g xi zeta) -> E_past h f <= E_past h g.
Proof.
  intros H. rewrite !E_past_step. apply E_monotone. intros o Ho. apply possible_step in Ho.
  now apply H.
Qed.

Lemma E_past_equal h f g :
  (forall xi zeta, possible (sample_law h) xi -> possible (noise_law h xi) zeta ->
     f xi zeta = g xi zeta) -> E_past h f = E_past h g.
Proof. intros H. apply Rle_antisym; apply E_past_monotone; intros; rewrite H; auto; lra. Qed.

Lemma E_past_const h a : E_past h (fun _ _ => a) = a.
Proof. rewrite E_past_step. apply E_const. Qed.

Lemma E_past_add h f g : E_past h (fun xi zeta => f xi zeta + g xi zeta) = E_past h f + E_past h g.
Proof. rewrite !E_past_step. apply E_add. Qed.

Lemma E_past_sub h f g : E_past h (fun xi zeta => f xi zeta - g xi zeta) = E_past h f - E_past h g.
Proof. rewrite !E_past_step. apply E_sub. Qed.

(** What the past determines is pulled out. *)
Lemma E_past_scale h a f : E_past h (fun xi zeta => a * f xi zeta) = a * E_past h f.
Proof. rewrite !E_past_step. apply E_scale. Qed.

Lemma E_past_nonneg h f : (forall xi zeta, 0 <= f xi zeta) -> 0 <= E_past h f.
Proof. intros H. rewrite E_past_step. apply E_nonneg. auto. Qed.

(** Tower rule: what the sample determines is pulled out of the inner expectation. *)

Lemma E_past_of_sample h (f : Sample P -> R) : E_past h (fun xi _ => f xi) = E (sample_law h) f.
Proof. apply E_equal. intros. apply E_const. Qed.

Lemma M_past_of_sample {V : Space} h (f : Sample P -> V) :
  M_past h (fun xi _ => f xi) = M (sample_law h) f.
Proof. apply M_equal. intros. apply M_const. Qed.

Lemma inner_M_past {V : Space} h (f : Sample P -> Noise P -> V) v :
  inner (M_past h f) v = E_past h (fun xi zeta => inner (f xi zeta) v).
Proof. rewrite M_past_step, E_past_step. apply inner_M. Qed.

Lemma inner_M_past_r {V : Space} h (f : Sample P -> Noise P -> V) v :
  inner v (M_past h f) = E_past h (fun xi zeta => inner v (f xi zeta)).
Proof. rewrite M_past_step, E_past_step. apply inner_M_r. Qed.

Lemma M_past_equal {V : Space} h (f g : Sample P -> Noise P -> V) :
  (forall xi zeta, possible (sample_law h) xi -> possible (noise_law h xi) zeta ->
     f xi zeta = g xi zeta) -> M_past h f = M_past h g.
Proof.
  intros H. rewrite !M_past_step. apply M_equal. intros o Ho. apply possible_step in Ho.
  now apply H.
Qed.

Lemma M_past_const {V : Space} h (v : V) : M_past h (fun _ _ => v) = v.
Proof. rewrite M_past_step. apply M_const. Qed.

Lemma M_past_add {V : Space} h (f g : Sample P -> Noise P -> V) :
  M_past h (fun xi zeta => f xi zeta + g xi zeta)%V = (M_past h f + M_past h g)%V.
Proof. rewrite !M_past_step. apply M_add. Qed.

Lemma M_past_scale {V : Space} h a (f : Sample P -> Noise P -> V) :
  M_past h (fun xi zeta => a * f xi zeta)%V = (a * M_past h f)%V.
Proof. rewrite !M_past_step. apply M_scale. Qed.

(** *** E *)

Lemma possible_law n h : possible (law n) h <-> reachable h /\ time h = n.
Proof.
  revert h. induction n as [| n IH]; intros h; cbn [law].
  - rewrite possible_dirac. split; [intros ->; now cbn | intros [_ H]].
    destruct h; [reflexivity | discriminate].
  - rewrite possible_bind. split.
    + intros (past & Hpast & H). apply IH in Hpast. apply possible_image in H.
      destruct H as ([xi zeta] & Ho & ->). apply possible_step in Ho. destruct Hpast as [Hr <-].
      now split.
    + destruct h as [| [xi zeta] past]; intros [Hr H]; [discriminate|].
      exists past. split; [apply IH; split; [apply Hr | now injection H]|].
      apply possible_image. exists (xi, zeta). split; [| reflexivity].
      apply possible_step. apply Hr.
Qed.

Lemma E_run_0 f : E_run 0 f = f start.
Proof. apply E_dirac. Qed.

(** The tower rule over one step. *)
Theorem E_run_S n f :
  E_run (S n) f = E_run n (fun h => E_past h (fun xi zeta => f (after h xi zeta))).
Proof.
  unfold E_run. cbn [law]. rewrite E_bind. apply E_equal. intros h _.
  now rewrite E_image, E_past_step.
Qed.

Lemma E_run_monotone n f g :
  (forall h, reachable h -> time h = n -> f h <= g h) -> E_run n f <= E_run n g.
Proof. intros H. apply E_monotone. intros h Hh. apply possible_law in Hh. now apply H. Qed.

Lemma E_run_equal n f g :
  (forall h, reachable h -> time h = n -> f h = g h) -> E_run n f = E_run n g.
Proof. intros H. apply E_equal. intros h Hh. apply possible_law in Hh. now apply H. Qed.

Lemma E_run_const n a : E_run n (fun _ => a) = a.
Proof. apply E_const. Qed.

Lemma E_run_add n f g : E_run n (fun h => f h + g h) = E_run n f + E_run n g.
Proof. apply E_add. Qed.

Lemma E_run_sub n f g : E_run n (fun h => f h - g h) = E_run n f - E_run n g.
Proof. apply E_sub. Qed.

Lemma E_run_scale n a f : E_run n (fun h => a * f h) = a * E_run n f.
Proof. apply E_scale. Qed.

Lemma E_run_nonneg n f : (forall h, 0 <= f h) -> 0 <= E_run n f.
Proof. intros H. apply E_nonneg. auto. Qed.

(** At every time some history has positive probability. *)
Lemma some_reachable n : exists h : History P, reachable h /\ time h = n.
Proof. destruct (some_possible (law n)) as [h Hh]. exists h. now apply possible_law. Qed.

End Conditional.
