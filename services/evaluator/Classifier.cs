using TsVlm.Data;
using TsVlm.Representations;
using TsVlm.VisionLanguage;

namespace TsVlm.Evaluator;

/// <summary>A trained model as a classifier: a probability for every class, from the likelihood of its whole answer.</summary>
public sealed class Classifier : IDisposable
{
    private const int BatchSize = 16;
    private readonly CheckpointFolder checkpoint;
    private readonly Llava model;
    private readonly AnswerClassifier answers;
    private readonly SampleBuilder builder;
    private readonly Dictionary<string, int> classOfAnswer;

    private Classifier(CheckpointFolder checkpoint, int numThreads)
    {
        this.checkpoint = checkpoint;
        model = checkpoint.Load();
        answers = new AnswerClassifier(model, new SampleEncoding(checkpoint.Model), numThreads);
        builder = new SampleBuilder(checkpoint.Fitted, checkpoint.Model.Inputs);
        classOfAnswer = builder.Answers.Select((answer, i) => (answer, i)).ToDictionary(pair => pair.answer, pair => pair.i);
    }

    /// <summary>The classes, in the data set's order.</summary>
    public IReadOnlyList<string> Classes => checkpoint.Fitted.Classes;

    /// <summary>Position of the class whose answer this is.</summary>
    public int ClassOf(string answer) => classOfAnswer[answer];

    /// <summary>Opens the folder of a trained model.</summary>
    public static Classifier Open(string checkpointFolder, int numThreads) => new(CheckpointFolder.Open(checkpointFolder), numThreads);

    /// <summary>Classifies new series: for each, a probability for every class, summing to 1.</summary>
    /// <exception cref="RepresentationException">A series has other channels than the training series, or cannot fit the context.</exception>
    public IReadOnlyList<double[]> Classify(IEnumerable<TimeSeries> series, CancellationToken cancellationToken) =>
        Classify(series.Select(builder.Build), _ => { }, cancellationToken);

    /// <summary>Classifies samples: for each, a probability for every class, summing to 1.</summary>
    /// <param name="inputs">What the model is shown of each case.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    public IReadOnlyList<double[]> Classify(IEnumerable<SampleInput> inputs, Action<int> progress, CancellationToken cancellationToken)
    {
        var probabilities = new List<double[]>();
        foreach (var batch in inputs.Chunk(BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            probabilities.AddRange(answers.Probabilities(batch, builder.Answers));
            progress(probabilities.Count);
        }
        return probabilities;
    }

    /// <inheritdoc />
    public void Dispose() => model.Dispose();
}
