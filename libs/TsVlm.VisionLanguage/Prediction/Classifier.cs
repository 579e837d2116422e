using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Models;
using TsVlm.Representations;
using TsVlm.Representations.Samples;
using TsVlm.Representations.Text;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Numerics;
using TsVlm.VisionLanguage.Probing;
using TsVlm.VisionLanguage.Scoring;

namespace TsVlm.VisionLanguage.Prediction;

/// <summary>
/// A trained model as a classifier: a probability for every class, from the likelihood of its whole answer or from a linear probe.
/// </summary>
public sealed class Classifier : IDisposable
{
    private const int BatchSize = 16;
    // More than any label needs; a model that has learnt nothing would go on for ever.
    private const int MaxTokensSaid = 32;
    private readonly Llava model;
    private readonly SampleEncoding encoding;
    private readonly AnswerClassifier answers;
    private readonly LinearProbe? probe;
    private readonly ClassScoring scoring;
    private readonly Dictionary<string, int> classOfAnswer;
    private int? longestAnswer;   // tokens, that which ends it included
    private readonly RationaleSettings? rationales;

    private Classifier(CheckpointFolder checkpoint, ComputeDevice device, int numThreads, ModelCatalog? models)
    {
        Checkpoint = checkpoint;
        Device = device.Name;
        model = checkpoint.Load(device, models);
        rationales = checkpoint.Fitted.Representation.Rationale;
        encoding = new SampleEncoding(checkpoint.Model, RationaleFormat.Of(checkpoint.Fitted.Representation));
        answers = new AnswerClassifier(model, encoding, numThreads);
        ProbeClassifier? probed = null;
        if (checkpoint.HasProbe)
        {
            probe = checkpoint.LoadProbe(device);
            probed = new ProbeClassifier(model, checkpoint.Run.FineTuned!.Scenario.Recipe.ReadOut, probe, encoding, encoding.Format(device),
                numThreads);
        }
        Samples = new SampleBuilder(checkpoint.Fitted, checkpoint.Model.Inputs);
        scoring = new ClassScoring(answers, probed, Samples, checkpoint.Run.FineTuned!.Scenario);
        classOfAnswer = Samples.Answers.Select((answer, i) => (answer, i)).ToDictionary(pair => pair.answer, pair => pair.i);
    }

    /// <summary>The trained model's folder: its run, representation and settings.</summary>
    public CheckpointFolder Checkpoint { get; }

    /// <summary>Where the model is computed: <c>cpu</c> or <c>cuda:N</c>.</summary>
    public string Device { get; }

    /// <summary>Builds samples as this model was trained on.</summary>
    public SampleBuilder Samples { get; }

    /// <summary>The classes, in the data set's order.</summary>
    public IReadOnlyList<string> Classes => Checkpoint.Fitted.Classes;

    /// <summary>Position of the class whose answer this is.</summary>
    public int ClassOf(string answer) => classOfAnswer[answer];

    /// <summary>Opens the folder of a trained model.</summary>
    /// <param name="checkpointFolder">The folder.</param>
    /// <param name="device">Where the model is computed.</param>
    /// <param name="numThreads">Threads for inference, at least 1.</param>
    /// <param name="models">Where an adapter's model is found; by its path where none is given.</param>
    public static Classifier Open(string checkpointFolder, ComputeDevice device, int numThreads, ModelCatalog? models = null) =>
        new(CheckpointFolder.Open(checkpointFolder), device, numThreads, models);

    /// <summary>Classifies new series: for each, a probability for every class, summing to 1.</summary>
    /// <exception cref="RepresentationException">
    /// A series has other channels than the training series, or cannot fit the context.
    /// </exception>
    public IReadOnlyList<double[]> Classify(IEnumerable<TimeSeries> series, CancellationToken cancellationToken) =>
        Classify(series.Select(Samples.Build), cancellationToken);

    /// <summary>Classifies samples: for each, a probability for every class, summing to 1.</summary>
    public IReadOnlyList<double[]> Classify(IEnumerable<SampleInput> inputs, CancellationToken cancellationToken) =>
        [.. Score(inputs, _ => { }, cancellationToken).Select(Probabilities)];

    /// <summary>Probabilities of the classes from their scores, at the checkpoint's temperature.</summary>
    public double[] Probabilities(double[] scores) => TemperatureScaling.Probabilities(scores, Checkpoint.Scaling.Temperature);

    /// <summary>Scores samples: for each, the score of every class's answer, or what a probe gives the class.</summary>
    /// <param name="inputs">What the model is shown of each case.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <param name="notes">Is given what the model says of each sample.</param>
    public IReadOnlyList<double[]> Score(
        IEnumerable<SampleInput> inputs, Action<int> progress, CancellationToken cancellationToken, ScoringNotes? notes = null) =>
        scoring.Score(inputs, progress, cancellationToken, notes);

    /// <summary>Whether the model writes a rationale before it answers.</summary>
    public bool ExplainsFirst => rationales is { Order: RationaleOrder.RationaleFirst };

    /// <summary>Scores samples behind given rationales instead of the model's own.</summary>
    public IReadOnlyList<double[]> ScoreGiven(IEnumerable<(SampleInput Input, string Rationale)> explained,
        CancellationToken cancellationToken) =>
        scoring.ScoreGiven(explained, cancellationToken);

    /// <summary>
    /// What the model answers in its own words, its rationale included; see <see cref="AnswerClassifier.Generate(SampleInput, int)"/>.
    /// </summary>
    public string Generate(SampleInput input) => answers.Generate(input, MaxTokensSaid + (rationales?.MaxTokens ?? 0));

    /// <summary>The answer in what the model says.</summary>
    public string AnswerIn(string said) => RationaleFormat.Of(Checkpoint.Fitted.Representation)?.AnswerIn(said) ?? said;

    /// <summary>The answer of the model's own words to each input, cut where no class's answer is longer.</summary>
    public IReadOnlyList<string> Answer(IReadOnlyList<SampleInput> inputs, CancellationToken cancellationToken)
    {
        var said = new List<string>();
        foreach (var batch in inputs.Chunk(BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            longestAnswer ??= Samples.Answers.Max(answer => encoding.AnswerTokens(batch[0], answer).Length);
            var mostTokens = longestAnswer.Value + (ExplainsFirst ? rationales!.MaxTokens + MaxTokensSaid : 0);
            said.AddRange(answers.Generate(batch, mostTokens).Select(AnswerIn));
        }
        return said;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        probe?.Dispose();
        model.Dispose();
    }
}
