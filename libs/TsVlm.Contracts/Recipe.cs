using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace TsVlm.Contracts;

/// <summary>How the model is fine-tuned. The defaults are the paper's recipe for LLaVA-1.5 (arXiv 2412.17304, section 4).</summary>
public sealed record Recipe
{
    /// <summary>Passes over the training split; a fraction trains on that share of one pass, and 0 leaves the model as it is.</summary>
    public double Epochs { get; init; } = 2;

    /// <summary>Samples in one forward pass.</summary>
    public int MicroBatchSize { get; init; } = 4;

    /// <summary>Forward passes whose gradients are summed before one step.</summary>
    public int GradientAccumulation { get; init; } = 4;

    /// <summary>
    /// Puts samples of like length into one forward pass, as LLaVA's own training does, so that less is spent on padding.
    /// Every sample still comes once an epoch.
    /// </summary>
    public bool GroupByLength { get; init; }

    /// <summary>
    /// Keeps only the input of each transformer layer and computes its activations again in the backward pass (Chen et al. 2016):
    /// less memory, about a third more work, the same weights.
    /// </summary>
    public bool GradientCheckpointing { get; init; }

    /// <summary>Highest learning rate of everything but the projector.</summary>
    public double LearningRate { get; init; } = 2e-4;

    /// <summary>Highest learning rate of the projector.</summary>
    public double ProjectorLearningRate { get; init; } = 2e-5;

    /// <summary>Share of all steps in which the learning rate rises.</summary>
    public double WarmupRatio { get; init; } = 0.03;

    /// <summary>AdamW's decoupled weight decay, of all weights but biases and norms.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Gradients are scaled down to this norm; 0 leaves them.</summary>
    public double MaxGradientNorm { get; init; } = 1;

    /// <summary>Which weights learn.</summary>
    public TrainedPart Trained { get; init; } = TrainedPart.Lora;

    /// <summary>The adapters, where <see cref="Trained"/> is <see cref="TrainedPart.Lora"/>.</summary>
    public LoraSettings Lora { get; init; } = new();

    /// <summary>Type of the activations and of the weights that do not learn; weights that learn are float32 always.</summary>
    public Precision Precision { get; init; }

    /// <summary>How a class is read from the model.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ReadOut ReadOut { get; init; }

    /// <summary>
    /// How likelihoods of answers become scores of classes; null is <see cref="AnswerScore.RelativeToBlank"/> where nothing is fine-tuned
    /// and <see cref="AnswerScore.Likelihood"/> elsewhere. Without effect where a probe is read.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AnswerScore? AnswerScore { get; init; }

    /// <summary>Starts from weights drawn by the seed, whatever weights the model's folder has.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool FromScratch { get; init; }

    /// <summary>
    /// Before training, replaces the rows of the output layer for the answers' tokens by a ridge regression on the states before them: the
    /// linear probe of LP-FT (Kumar et al. 2022, arXiv 2202.10054) inside the model. For answers, and for models whose output layer learns.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool FitOutputLayer { get; init; }

    /// <summary>
    /// Keeps what was fitted to the model as it was, a linear probe or the rows of <see cref="FitOutputLayer"/>, unless fine-tuning lowers
    /// the validation loss; with fewer than 50 training samples, or none for validation, nothing is fine-tuned. Without effect where
    /// nothing is fitted.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Guard { get; init; }

    /// <summary>
    /// Trains once more from the start on training and validation cases together, for as many epochs as were best by validation loss. Null
    /// is true where the guard accepts a tuned probe, and false elsewhere.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Refit { get; init; }

    /// <summary>Share of the target that is spread over all classes while a probe is fine-tuned.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double LabelSmoothing { get; init; }

    /// <summary>Weight of a rationale's tokens in the loss, where those of the answer have 1; null is 1 too.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? RationaleWeight { get; init; }

    /// <summary>Share of the samples whose target is the answer alone, drawn anew in each epoch.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double RationaleDropout { get; init; }

    /// <summary>Whether nothing is fine-tuned: zero-shot, or a probe on the model as it is.</summary>
    [JsonIgnore]
    public bool LeavesModel => Epochs == 0;

    /// <summary>How answers are scored, by <see cref="AnswerScore"/> or its default.</summary>
    [JsonIgnore]
    public AnswerScore ScoredBy => AnswerScore ?? DefaultScore;

    /// <summary>Whether validation cases are learnt from once they have chosen the epochs, by <see cref="Refit"/> or its default.</summary>
    [JsonIgnore]
    public bool Refits => !LeavesModel && (Refit ?? RefitsByDefault);

    /// <summary>Whether something is fitted to the model before its first step: a probe, or the rows of the answers' tokens.</summary>
    [JsonIgnore]
    public bool IsFittedFirst => ReadOut is not ReadOut.Answer || FitOutputLayer;

    private bool RefitsByDefault => Guard && IsFittedFirst;

    private AnswerScore DefaultScore => LeavesModel ? Contracts.AnswerScore.RelativeToBlank : Contracts.AnswerScore.Likelihood;

    /// <summary>Epochs without a better validation loss after which training stops; 0 never stops early.</summary>
    public int Patience { get; init; }

    /// <summary>The recipe with settings that have no effect, or the effect of their defaults, put to these.</summary>
    internal Recipe Canonical()
    {
        var recipe = Trained is TrainedPart.Lora ? this : this with { Lora = new LoraSettings() };
        if (ReadOut is ReadOut.Answer || LeavesModel) recipe = recipe with { LabelSmoothing = 0 };
        if (!IsFittedFirst || LeavesModel) recipe = recipe with { Guard = false };
        if (ReadOut is not ReadOut.Answer || AnswerScore == DefaultScore) recipe = recipe with { AnswerScore = null };
        if (LeavesModel || Refit == recipe.RefitsByDefault) recipe = recipe with { Refit = null };
        return RationaleWeight == 1 ? recipe with { RationaleWeight = null } : recipe;
    }
}

/// <summary>How the likelihoods of answers become scores of classes.</summary>
public enum AnswerScore
{
    /// <summary>
    /// Log-likelihood of the whole answer, the sum over its tokens: the probability that the model gives it. An answer of few or frequent
    /// tokens is likelier, whatever the model is shown, unless the model has learnt the answers.
    /// </summary>
    Likelihood,
    /// <summary>The mean over the answer's tokens, the one that ends it included.</summary>
    PerToken,
    /// <summary>
    /// Log-likelihood less that of the same answer where the model is shown nothing: the pointwise mutual information of answer and series
    /// (Holtzman et al. 2021, arXiv 2104.08315), or contextual calibration (Zhao et al. 2021, arXiv 2102.09690).
    /// </summary>
    RelativeToBlank,
}

/// <summary>How a class is read from a model.</summary>
public enum ReadOut
{
    /// <summary>By the likelihood of each class's whole answer.</summary>
    Answer,
    /// <summary>
    /// By a ridge regression on mean and maximum of the vision tower's patches after each of its layers; projector and language model are
    /// passed over.
    /// Where epochs follow, the probe and the model are fine-tuned together (LP-FT: Kumar et al. 2022, arXiv 2202.10054).
    /// </summary>
    TowerProbe,
    /// <summary>By a ridge regression on the language model's states where the answer begins; fine-tuned likewise.</summary>
    AnswerProbe,
}

/// <summary>Which weights learn.</summary>
public enum TrainedPart
{
    /// <summary>Every weight.</summary>
    Full,
    /// <summary>The projector and the language model; the vision tower stays as it is.</summary>
    ProjectorAndLanguageModel,
    /// <summary>Low-rank adapters in the language model (Hu et al. 2021), and the projector.</summary>
    Lora,
}

/// <summary>Type of the numbers that a model computes with.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "The types' names are what is chosen here.")]
public enum Precision
{
    /// <summary>32 bits; results are the same bit for bit on the CPU.</summary>
    [JsonStringEnumMemberName("float32")] Float32,
    /// <summary>16 bits with float32's range and 8 bits of precision: half the memory, for models of billions of weights.</summary>
    [JsonStringEnumMemberName("bfloat16")] BFloat16,
}

/// <summary>Low-rank adapters: W' = W + scale * B * A (Hu et al. 2021).</summary>
public sealed record LoraSettings
{
    /// <summary>Rank of B * A.</summary>
    public int Rank { get; init; } = 128;

    /// <summary>Scale is Alpha / Rank.</summary>
    public double Alpha { get; init; } = 256;

    /// <summary>Probability with which an input of A is dropped in training.</summary>
    public double Dropout { get; init; } = 0.05;
}
