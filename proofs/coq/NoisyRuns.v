(** * A concrete process: SGD on any objective, with additive noise

    Each step draws xi from D and zeta from D', two distributions of vectors with mean 0, and sets
        w+ = w - mu_k (q_k (grad F(w) + xi) + zeta).
    All of the hypotheses about sampling hold, with sigma2 = E_D |xi|^2 and tau2 = E_D' |zeta|^2,
    exactly.  [signs d] is the uniform distribution of the vectors of R^d with coordinates 1 and
    -1: noise of mean 0 in every direction, E |xi|^2 = d. *)

From Coq Require Import Reals Lra List.
From Shrinkproof Require Import Vectors Probability Process Smooth Sgd.
Import ListNotations.
Open Scope R_scope.

Section NoisyRuns.
Context {V : Space}.
Variables (D D' : dist V) (F : Objective V) (w_0 : V) (mu : nat -> R).

Definition additive : Process :=
  {| Sample := V; Noise := V; sample_law := fun _ => D; noise_law := fun _ _ => D' |}.

Variable q : History additive -> R.

Fixpoint iterate (h : History additive) : V :=
  match h with
  | [] => w_0
  | (xi, zeta) :: past =>
      (iterate past - mu (length past) * (q past * (grad F (iterate past) + xi) + zeta))%V
  end.

Definition sampled_gradient (h : History additive) (xi : Sample additive) : V :=
  (grad F (iterate h) + xi)%V.
Definition added_noise (h : History additive) (xi : Sample additive) (zeta : Noise additive) : V := zeta.

Lemma runs_update : update iterate q sampled_gradient added_noise mu.
Proof. intros h xi zeta _ _ _. reflexivity. Qed.

Hypothesis D_mean : M D (fun x => x) = 0%V.
Hypothesis D'_mean : M D' (fun x => x) = 0%V.

Lemma runs_unbiased : unbiased F iterate sampled_gradient.
Proof.
  intros h _. rewrite M_past_of_sample. unfold sampled_gradient.
  rewrite M_add, M_const. cbn. rewrite D_mean. vector_ring.
Qed.

Lemma runs_variance :
  always h, E_past h (fun xi _ => norm2 (sampled_gradient h xi - grad F (iterate h))) = E D norm2.
Proof.
  intros h _. rewrite E_past_of_sample. apply E_equal. intros xi _. unfold sampled_gradient.
  expand. ring.
Qed.

Lemma runs_noise_unbiased : noise_unbiased added_noise.
Proof. intros h xi _ _. exact D'_mean. Qed.

Lemma runs_noise_variance :
  always h, E_past h (fun xi zeta => norm2 (added_noise h xi zeta)) = E D' norm2.
Proof. intros h _. unfold E_past, E_sample, added_noise. cbn. apply E_const. Qed.

Lemma runs_variance_at_most sigma2 : E D norm2 = sigma2 -> variance F iterate sampled_gradient sigma2.
Proof. intros H h R. rewrite runs_variance by exact R. lra. Qed.

Lemma runs_noise_variance_at_most tau2 : E D' norm2 = tau2 -> noise_variance added_noise tau2.
Proof. intros H h R. rewrite runs_noise_variance by exact R. lra. Qed.
End NoisyRuns.

(** ** Signs *)

Lemma half_is_probability : 0 <= 1 / 2 <= 1.
Proof. lra. Qed.

Definition coin {A} (a b : A) : dist A := two_points (1 / 2) a b half_is_probability.

Lemma E_coin {A} (a b : A) f : E (coin a b) f = (f a + f b) / 2.
Proof. unfold coin. rewrite E_two_points. field. Qed.

Fixpoint signs (d : nat) : dist (Rn d) :=
  match d with
  | O => dirac tt
  | S n => bind (coin 1 (-1)) (fun s => image (fun x => (s, x) : Rn (S n)) (signs n))
  end.

Lemma signs_mean d : M (signs d) (fun x => x) = 0%V.
Proof.
  apply M_unique. intros v. rewrite inner_zero_l. induction d as [| d IH].
  - cbn. ring.
  - destruct v as [a v]. change R in a. cbn [signs]. rewrite E_bind, E_coin, !E_image. cbn.
    rewrite !E_add, !E_const. cbn in IH. rewrite <- IH. lra.
Qed.

Lemma signs_variance d : E (signs d) norm2 = INR d.
Proof.
  induction d as [| d IH].
  - cbn. ring.
  - cbn [signs]. rewrite E_bind, E_coin, !E_image, S_INR, <- IH. unfold norm2. cbn.
    rewrite !E_add, !E_const. set (X := E (signs d) (fun x : Rn d => inner x x)).
    change ((1 * 1 + X + (-1 * -1 + X)) / 2 = X + 1). field.
Qed.

(** The zero vector, for sure. *)

