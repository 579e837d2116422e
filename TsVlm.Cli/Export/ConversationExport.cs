using TsVlm.Artifacts;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Data.Canonical;
using TsVlm.Data.Splits;
using TsVlm.Models;
using TsVlm.Representations;
using TsVlm.Representations.Rationales;
using TsVlm.Representations.Samples;
using TsVlm.Representations.Text;

namespace TsVlm.Cli.Export;

/// <summary>What made the conversations in a folder: <c>export.json</c> beside them.</summary>
public sealed record ConversationsCard
{
    /// <summary>The data sets by name and content.</summary>
    public required IReadOnlyList<DatasetReference> Datasets { get; init; }

    /// <summary>How each is split.</summary>
    public required SplitReference Split { get; init; }

    /// <summary>The representation with every setting.</summary>
    public required Scenario Scenario { get; init; }

    /// <summary>Name of the model whose image size, template and tokenizer they were made for.</summary>
    public required string Model { get; init; }
}

/// <summary>Writes data sets as conversations that LLaVA's own training reads: the very samples a run would train on.</summary>
/// <param name="scenario">How a series becomes a sample.</param>
/// <param name="split">How each data set is split.</param>
/// <param name="model">The model the samples are for.</param>
/// <param name="rationales">The rationales, where the scenario takes them from a file.</param>
public sealed class ConversationExport(Scenario scenario, SplitReference split, ModelFolder model, RationaleFile? rationales = null)
{
    /// <summary>Name of the file that says what made the others.</summary>
    public const string CardFile = "export.json";

    /// <summary>
    /// Writes <c>train.json</c>, <c>validation.json</c>, <c>test.json</c>, each over all data sets, the images, and at last
    /// <c>export.json</c>.
    /// </summary>
    /// <returns>Number of samples of each split.</returns>
    /// <exception cref="DataException">A data set cannot be split so.</exception>
    /// <exception cref="RepresentationException">A sample does not fit the context, or LLaVA would read a text as another one.</exception>
    public IReadOnlyDictionary<string, int> Write(IReadOnlyList<Dataset> datasets, string folder, CancellationToken cancellationToken)
    {
        var makings = datasets.Select(dataset => (Dataset: dataset.Name, Making: new SampleMaking(
            dataset, Splitter.Split(dataset, split.Protocol, split.Resample), scenario.Canonical().Representation, model.Inputs,
            split.Resample, rationales))).ToList();
        var counts = new Dictionary<string, int>();
        foreach (var name in (string[])[SplitNames.Train, SplitNames.Validation, SplitNames.Test])
        {
            counts[name] = 0;
            LlavaConversations.Write(folder, name, model.Inputs.Template, makings.SelectMany(at => at.Making.Splits
                .Single(samples => samples.Name
                    == name).Samples.Select(sample => ($"{at.Dataset}-{sample.Case}", Explained(Counted(name, sample))))));
        }
        Json.Write(Path.Combine(folder, CardFile), new ConversationsCard
        {
            Datasets = [.. datasets.Select(dataset => new DatasetReference(dataset.Name, DatasetFile.ContentHash(dataset)))],
            Split = split,
            Scenario = scenario,
            Model = model.Name,
        });
        return counts;

        Sample Explained(Sample sample) =>
            sample.Rationale is { Length: > 0 } rationale && RationaleFormat.Of(scenario.Representation) is { } format
            ? sample with { Answer = format.Target(sample.Answer, rationale) }
            : sample;

        Sample Counted(string name, Sample sample)
        {
            cancellationToken.ThrowIfCancellationRequested();
            counts[name]++;
            return sample;
        }
    }
}
