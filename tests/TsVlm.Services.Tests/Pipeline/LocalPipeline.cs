using System.Globalization;
using System.Text.Json.Nodes;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TorchSharp;
using TsVlm.Artifacts;
using TsVlm.Artifacts.Folders;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Data.Generators;
using TsVlm.Datagen;
using TsVlm.Evaluator;
using TsVlm.Experiments;
using TsVlm.Experiments.Grid;
using TsVlm.Messaging;
using TsVlm.Models;
using TsVlm.Pages.Report;
using TsVlm.Scenarios;
using TsVlm.Scenarios.Experiments;
using TsVlm.Scenarios.Launching;
using TsVlm.Scenarios.State;
using TsVlm.Tests;
using TsVlm.Trainer;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Checkpoints;

namespace TsVlm.Services.Tests.Pipeline;

/// <summary>The four services on the in-memory bus, with stores in a folder and a model small enough to train in a second.</summary>
internal sealed class LocalPipeline : IAsyncDisposable
{
    private readonly IHost host;

    private LocalPipeline(IHost host, StageCounter stages) => (this.host, Stages) = (host, stages);

    public StageCounter Stages { get; }

    public StageStore StageStates => host.Services.GetRequiredService<StageStore>();

    public ExperimentStore Experiments => host.Services.GetRequiredService<ExperimentStore>();

    public ReadyStages Ready => host.Services.GetRequiredService<ReadyStages>();

    public IArtifactStore Artifacts => host.Services.GetRequiredService<IArtifactStore>();

    /// <summary>Why the pipeline cannot go on; null while it can.</summary>
    public Exception? Failure => host.Services.GetRequiredService<BrokenProcess>().Reason;

    /// <summary>Cancelled once it cannot go on.</summary>
    public CancellationToken Ended => host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;

    public static async Task<LocalPipeline> Start(string folder, CancellationToken cancellationToken,
        Func<IArtifactStore, IArtifactStore>? around = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var stages = new StageCounter();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(stages);
        IArtifactStore store = new FolderArtifactStore(Path.Combine(folder, "artifacts"));
        builder.Services.AddSingleton(around?.Invoke(store) ?? store);
        builder.Services.AddInMemoryMessaging(1,
            bus => bus.AddScenarios(Path.Combine(folder, "runs.db"), new ReconcilerSettings()),
            bus => bus.AddDatagen(),
            bus => bus.AddTrainer(new TrainerSettings { NumThreads = 1 }),
            bus => bus.AddEvaluator(new EvaluatorSettings { NumThreads = 1 }),
            bus => bus.AddConsumer<StageCounter>());
        builder.Services.Configure<MassTransitHostOptions>(options =>
        {
            options.WaitUntilStarted = true;
            options.ConsumerStopTimeout = TimeSpan.FromMilliseconds(1);
        });
        var host = builder.Build();
        await host.Services.GetRequiredService<RunTransactions>().Open(cancellationToken);
        await host.StartAsync(cancellationToken);
        return new(host, stages);
    }

    /// <summary>Launches an experiment and waits until every run has ended.</summary>
    public async Task<IReadOnlyList<RunStatus>> Run(ExperimentRequest request, CancellationToken cancellationToken) =>
        await Finish(await Launch(request, cancellationToken), cancellationToken);

    /// <summary>Waits until every run has ended.</summary>
    public async Task<IReadOnlyList<RunStatus>> Finish(Experiment experiment, CancellationToken cancellationToken)
    {
        while (true)
        {
            var runs = await Experiments.Runs(experiment.Id, cancellationToken);
            if (runs.All(run => run.Ended)) return runs;
            await Task.Delay(50, cancellationToken);
        }
    }

    public Task<Experiment> Launch(ExperimentRequest request, CancellationToken cancellationToken) =>
        host.Services.GetRequiredService<Launcher>().Launch(request, cancellationToken);

    public Task<IReadOnlyList<TsVlm.Contracts.RunResult>> WriteOutput(string folder, IReadOnlyList<RunStatus> runs,
        CancellationToken cancellationToken) =>
        host.Services.GetRequiredService<ExperimentOutput>().Write(
            new("test", "tsvlm run", [], [.. runs.Select(r => new RunOutcome(r.Run, r.Failed?.Stage, r.Failed?.Reason))]),
            RunStatus.TraceParentsOf(runs), folder, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(CancellationToken.None);
        host.Dispose();
    }

    /// <summary>The embedded model's folder with its sizes cut down and weights drawn at random.</summary>
    public static string MicroModel(TemporaryFolder folder)
    {
        var path = Directory.CreateDirectory(folder.File("micro")).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "models", "tiny"))
            .Where(file => !file.EndsWith(".safetensors", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(path, Path.GetFileName(file)));
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(path, "config.json")))!;
        var (vision, text) = (config["vision_config"]!, config["text_config"]!);
        (vision["hidden_size"], vision["intermediate_size"], vision["num_hidden_layers"], vision["num_attention_heads"]) = (16, 32, 2, 2);
        (text["hidden_size"], text["intermediate_size"], text["num_hidden_layers"]) = (32, 48, 1);
        (text["num_attention_heads"], text["num_key_value_heads"], text["head_dim"]) = (2, 1, 16);
        File.WriteAllText(Path.Combine(path, "config.json"), config.ToJsonString());
        using var drawn = ModelStart.Create(ModelFolder.Open(path), new ModelOptions { FromScratch = true });
        Checkpoint.Save(drawn, path);
        return path;
    }

    /// <summary>The same with more layers than any machine has memory for.</summary>
    public static string OversizedModel(TemporaryFolder folder)
    {
        var path = MicroModel(folder);
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(path, "config.json")))!;
        var text = config["text_config"]!;
        (text["hidden_size"], text["intermediate_size"], text["num_hidden_layers"]) = (65_536, 1_048_576, 8);
        File.WriteAllText(Path.Combine(path, "config.json"), config.ToJsonString());
        return path;
    }

    /// <summary>The same with weights, one of which is not a number.</summary>
    public static string PoisonedModel(TemporaryFolder folder)
    {
        var path = MicroModel(folder);
        using var model = ModelStart.Create(ModelFolder.Open(path), new ModelOptions());
        using (torch.no_grad()) model.named_parameters()
            .Single(p => p.name == "multi_modal_projector.linear_1.bias").parameter.fill_(double.NaN);
        Checkpoint.Save(model, path);
        return path;
    }

    /// <summary>Test cases of <see cref="SmallData"/>.</summary>
    public const int NumSmallTest = 24;

    /// <summary>
    /// A folder with a data set of 60 training and 24 test cases of the built-in CBF, for tests in which the number of cases does not matter.
    /// </summary>
    /// <param name="folder">Where it is written.</param>
    /// <param name="name">Name of the data set.</param>
    /// <param name="isCoded">Whether labels are the codes 1, 2 and 3, with texts in a file of their own.</param>
    public static string SmallData(TemporaryFolder folder, string name, bool isCoded = false)
    {
        var data = Directory.CreateDirectory(folder.File("data")).FullName;
        var cases = BuiltInDatasets.Generate("CBF");
        foreach (var (part, start, count) in (ReadOnlySpan<(string, int, int)>)[("TRAIN", 0, 60), ("TEST", cases.NumOfficialTrain, NumSmallTest)])
        {
            var lines = cases.Cases.Skip(start).Take(count).Select(c => string.Create(CultureInfo.InvariantCulture,
                $"{(isCoded ? $"{1 + cases.Classes.ToList().IndexOf(c.Label)}" : c.Label)},{Values(c.Series)}"));
            File.WriteAllLines(Path.Combine(data, $"{name}_{part}.csv"),
                [$"label,{string.Join(',', Enumerable.Range(0, 128).Select(t => $"t{t}"))}", .. lines]);
        }
        if (isCoded)
            File.WriteAllText(Path.Combine(data, $"{name}_LABELS.csv"), "label,text\n1,a flat part\n2,a slow rise\n3,a slow fall\n");
        return data;

        static string Values(TimeSeries series) =>
            string.Join(',', series.Channel(0).ToArray().Select(value => value.ToString("0.000", CultureInfo.InvariantCulture)));
    }

    /// <summary>As <see cref="Small"/> on a data set of <see cref="SmallData"/>, for tests in which the number of cases does not matter.</summary>
    public static ExperimentRequest Smallest(TemporaryFolder folder, string model, string settings = "") =>
        Small(model, settings) with { Datasets = ["Small"], DataDirectory = SmallData(folder, "Small") };

    /// <summary>One scenario on one small built-in data set, and a baseline.</summary>
    public static ExperimentRequest Small(string model, string settings = "") => new()
    {
        Datasets = ["CBF"],
        Model = model,
        Grid = ScenarioGrid.Parse($$"""
            {
              "name": "small", "baselines": ["1nn-ed"],
              "defaults": {
                "representation": { "contextLength": 192, "downsampling": "block-mean", "numbers": { "digits": 1 }, "answers": "index" },
                "recipe": { "trained": "full", "epochs": 1, "microBatchSize": 8, "gradientAccumulation": 1, "learningRate": 1e-3, "projectorLearningRate": 1e-3 }
              },
              "scenarios": [ { "name": "both" } {{settings}} ]
            }
            """, "test"),
    };
}

/// <summary>Counts the commands that reached a stage.</summary>
internal sealed class StageCounter
    : IConsumer<TsVlm.Contracts.SamplesGenerated>, IConsumer<TsVlm.Contracts.ModelTrained>, IConsumer<TsVlm.Contracts.ModelEvaluated>
{
    private int count;

    public int Count => count;

    public Task Consume(ConsumeContext<TsVlm.Contracts.SamplesGenerated> context) => Note();

    public Task Consume(ConsumeContext<TsVlm.Contracts.ModelTrained> context) => Note();

    public Task Consume(ConsumeContext<TsVlm.Contracts.ModelEvaluated> context) => Note();

    private Task Note()
    {
        Interlocked.Increment(ref count);
        return Task.CompletedTask;
    }
}
