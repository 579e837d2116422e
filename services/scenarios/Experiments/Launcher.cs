using TsVlm.Artifacts;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;
using TsVlm.Data;
using TsVlm.Data.Splits;
using TsVlm.Experiments;
using TsVlm.Experiments.Grid;
using TsVlm.Models;
using TsVlm.Representations;
using TsVlm.Scenarios.Launching;
using TsVlm.Scenarios.State;

namespace TsVlm.Scenarios.Experiments;

/// <summary>An experiment under way.</summary>
/// <param name="Id">Hash of its runs: asking for the same again is the same experiment.</param>
/// <param name="Runs">Its runs, baselines first for each data set.</param>
public sealed record Experiment(string Id, IReadOnlyList<RunSpec> Runs)
{
    /// <summary>What a user should know of the splits before the runs, one sentence for each data set.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>Turns a request into runs and hands them to the run state. Nothing starts unless everything asked for can be read.</summary>
public sealed class Launcher(
    ExperimentStore experiments, StageStore stages, DatasetImport import, RationaleImport rationales, IArtifactStore artifacts,
    ModelCatalog models, Reconciler reconciler)
{
    // 128 MB of values; a data set beyond that is read again when it is stored.
    private const long MaxValuesHeld = 16_000_000;

    /// <summary>Plans the experiment, records it and wakes the reconciler.</summary>
    /// <exception cref="DataException">One or more data sets cannot be used; the message names each.</exception>
    /// <exception cref="GridException">The grid cannot be expanded.</exception>
    /// <exception cref="RepresentationException">The model has no weights, and random ones are not asked for.</exception>
    public async Task<Experiment> Launch(ExperimentRequest request, CancellationToken cancellationToken, string commandLine = "")
    {
        var experiment = await Plan(request, store: true, cancellationToken);
        if (request.Rationales is not null) await rationales.Run(request.Rationales, cancellationToken);
        await experiments.Submit(experiment.Id, experiment.Runs, new(request.Grid.Name, commandLine, request.Facts()), cancellationToken);
        await SendAgainWhatIsGone(experiment.Id, cancellationToken);
        reconciler.Trigger();
        return experiment;
    }

    /// <summary>The experiment that a launch would be. Nothing is recorded or stored.</summary>
    /// <exception cref="DataException">One or more data sets cannot be used; the message names each.</exception>
    /// <exception cref="GridException">The grid cannot be expanded.</exception>
    /// <exception cref="RepresentationException">The model has no weights, and random ones are not asked for.</exception>
    public Task<Experiment> Plan(ExperimentRequest request, CancellationToken cancellationToken) =>
        Plan(request, store: false, cancellationToken);

    private async Task<Experiment> Plan(ExperimentRequest request, bool store, CancellationToken cancellationToken)
    {
        var scenarios = RationaleImport.Apply(request.Rationales, GridExpansion.Of(request.Grid).Scenarios);
        var (model, reference) = models.Find(request.Model);
        if (scenarios.Any(scenario => !scenario.Recipe.FromScratch)) model.RequireWeights();
        var catalog = new DatasetCatalog(request.DataDirectory);
        IReadOnlyList<string> names = request is { Datasets: [], Stored.Count: > 0 } ? [] : catalog.Select(request.Datasets);
        CheckLengths(request, [.. names, .. request.Stored.Select(dataset => dataset.Name)],
            [.. scenarios.Select(scenario => scenario.Name)]);
        var (datasets, notes) = await Import(request, catalog, names, store, cancellationToken);

        var planned = datasets
            .SelectMany(dataset => request.Resamples.Select(resample => (dataset, split: new SplitReference(request.Protocol, resample))))
            .SelectMany(at => Baselines(request, at.dataset, at.split).Concat(
                request.Seeds.SelectMany(seed => scenarios.Select(scenario => new RunSpec
                {
                    Dataset = at.dataset,
                    Split = at.split,
                    Seed = seed,
                    FineTuned = new(scenario, reference),
                }))))
            .DistinctBy(run => run.Id)   // a data set may be named and referred to by its content as well
            .ToList();
        return new(ContentHash.Of(planned.Select(run => run.Id))[..16], planned) { Notes = notes };
    }

    /// <summary>A run's folder is named after these; one that no file system takes is refused before any work.</summary>
    private static void CheckLengths(ExperimentRequest request, IReadOnlyList<string> datasets, IReadOnlyList<string> scenarios)
    {
        if (datasets.MaxBy(name => name.Length) is not { } dataset) return;
        var named = new RunSpec
        {
            Dataset = new(dataset, ""), Split = new(request.Protocol, request.Resamples.Max()), Seed = request.Seeds.Max(), Baseline = "",
        };
        var scenario = scenarios.Concat(request.Grid.Baselines.Select(name => $"baseline:{name}")).MaxBy(name => name.Length) ?? "";
        var length = named.Id.Length - named.ScenarioName.Length + scenario.Length;
        if (length > RunSpec.MaxIdLength)
            throw new GridException(
                $"Data set '{dataset}', scenario '{scenario}': expected names that fit a run's folder name of at most {RunSpec.MaxIdLength} characters, "
                + $"found {length}. Shorten the scenario's name, or the data set's.");
    }

    /// <summary>Every seed of the baselines that draw at random; of the others one seed is enough.</summary>
    private static IEnumerable<RunSpec> Baselines(ExperimentRequest request, DatasetReference dataset, SplitReference split) =>
        from name in request.Grid.Baselines
        from seed in BaselineNames.IsSeeded(name) ? request.Seeds : request.Seeds.Take(1)
        select new RunSpec { Dataset = dataset, Split = split, Seed = seed, Baseline = name };

    /// <summary>Nothing is stored unless every data set can be used.</summary>
    private async Task<(IReadOnlyList<DatasetReference> Datasets, IReadOnlyList<string> Notes)> Import(
        ExperimentRequest request, DatasetCatalog catalog, IReadOnlyList<string> names, bool store, CancellationToken cancellationToken)
    {
        var (checkedSets, problems, notes, numValues) = (new Dictionary<string, Dataset>(), new List<string>(), new List<string>(), 0L);
        async Task Check(Func<Task<Dataset>> open, bool isToBeStored)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var dataset = await open();
                var splits = request.Resamples.Select(resample => Splitter.Split(dataset, request.Protocol, resample)).ToList();
                foreach (var split in splits) request.Rationales?.Of(dataset, split);
                // The sizes of all resamples are the same.
                if (splits.Count > 0 && SplitShares.Note(request.Protocol, splits[0]) is { } note) notes.Add($"{dataset.Name}: {note}");
                numValues += dataset.Cases.Sum(c => (long)c.Series.NumChannels * c.Series.Length);
                if (isToBeStored && numValues <= MaxValuesHeld) checkedSets[dataset.Name] = dataset;
            }
            catch (DataException error)
            {
                problems.Add(error.Message);
            }
        }
        foreach (var name in names) await Check(() => Task.FromResult(catalog.Open(name)), isToBeStored: true);
        foreach (var stored in request.Stored) await Check(() => import.Open(stored, cancellationToken), isToBeStored: false);
        if (problems.Count > 0) throw new DataException(string.Join(Environment.NewLine, problems));

        var references = new List<DatasetReference>();
        foreach (var name in names)
        {
            var dataset = checkedSets.GetValueOrDefault(name) ?? catalog.Open(name);
            references.Add(store ? await import.Run(dataset, cancellationToken) : DatasetImport.ReferenceOf(dataset));
        }
        references.AddRange(request.Stored);
        return references.Count > 0
            ? (references, notes) : throw new DataException($"{request.DataDirectory}: expected data sets, found none.");
    }

    /// <summary>A stage counts as done only while its artifact is there.</summary>
    private async Task SendAgainWhatIsGone(string experimentId, CancellationToken cancellationToken)
    {
        var made = (await experiments.Runs(experimentId, cancellationToken)).SelectMany(run => run.Stages
            .Where(s => s.Status is StageStatus.Done).Select(s => RunStatus.ArtifactOf(run.Run, s.Stage)));
        foreach (var key in made.Distinct())
        {
            if (await artifacts.Find(key, cancellationToken) is null) await stages.MarkLost(key, cancellationToken);
        }
    }
}
