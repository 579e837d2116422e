using System.Text.Json;
using System.Text.Json.Serialization;
using TsVlm.Contracts;
using TsVlm.VisionLanguage.Files;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Training;

/// <summary>
/// All that a training is between two steps: the weights that learn, the optimizer's moments, the best weights so far, the steps done, and
/// in a refit the selection before it. Order of samples and dropout follow from seed and step, so nothing else is needed to go on bit for
/// bit.
/// </summary>
public sealed class TrainingState : IDisposable
{
    private const string TensorFile = "training-state.safetensors";
    private const string ProgressFile = "training-state.json";

    private readonly TrainedParameters parameters;
    private readonly TrainingIdentity identity;
    private readonly BestWeights best;
    private readonly List<TrainingStep> steps = [];
    private readonly Selection? selection;
    private double secondsOfSelection;   // those of this attempt
    private TimeSpan sinceStart;

    internal TrainingState(TrainedParameters parameters, TrainingIdentity identity, Selection? selection = null)
    {
        this.parameters = parameters;
        this.identity = identity;
        this.selection = selection;
        SecondsBefore = selection?.Result.SecondsBefore ?? 0;
        secondsOfSelection = selection is null ? 0 : selection.Result.Seconds - selection.Result.SecondsBefore;
        best = new BestWeights(parameters);
        Optimizer = new AdamW(parameters, identity.Recipe.WeightDecay);
    }

    /// <summary>Every step done, in order.</summary>
    public IReadOnlyList<TrainingStep> Steps => steps;

    /// <summary>Steps done, in a refit those of the selection included: the more, the newer a state is.</summary>
    public int Position => NumStepsOfSelection + steps.Count;

    /// <summary>Validation loss before the first step, where the start may be kept; null otherwise.</summary>
    public double? StartLoss { get; private set; }

    /// <summary>Wall-clock seconds so far, those before a continuation and of a selection included.</summary>
    public double Seconds => SecondsBefore + secondsOfSelection + sinceStart.TotalSeconds;

    /// <summary>Wall-clock seconds before the continuation; 0 where there was none.</summary>
    public double SecondsBefore { get; private set; }

    internal AdamW Optimizer { get; }

    /// <summary>True when the validation loss has not improved for as many epochs as the recipe has patience.</summary>
    internal bool IsOutOfPatience => identity.Recipe.Patience > 0
        && steps.Count(s => s.ValidationLoss is not null && s.Step > BestStep) >= identity.Recipe.Patience;

    private TrainingStep? Best => steps.Where(s => s.ValidationLoss is not null).MinBy(s => s.ValidationLoss);

    private bool StartIsBest => StartLoss is { } start && !(Best?.ValidationLoss < start);

    private int NumStepsOfSelection => selection?.Result.Steps.Count ?? 0;

    private int BestStep => StartIsBest ? -1 : Best?.Step ?? int.MaxValue;

    /// <summary>Writes the state into a folder; it appears whole or not at all, its progress file last.</summary>
    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        File.Delete(Path.Combine(folder, ProgressFile));
        SafetensorsWriter.Write(Path.Combine(folder, TensorFile), NamedTensors());
        var draft = Path.Combine(folder, ProgressFile + ".tmp");
        File.WriteAllBytes(draft,
            JsonSerializer.SerializeToUtf8Bytes(
                new Progress(identity, steps, Seconds) { StartLoss = StartLoss, Selection = selection }, ContractJson.Indented));
        File.Move(draft, Path.Combine(folder, ProgressFile), overwrite: true);
    }

    /// <summary>The selection before the refit whose state a folder holds; null where it holds that of another training, or none.</summary>
    public static Selection? SelectionIn(string folder)
    {
        var path = Path.Combine(folder, ProgressFile);
        return File.Exists(path) ? Read(path).Selection : null;
    }

    /// <summary>Takes up a state that was saved by the same training.</summary>
    /// <exception cref="FineTuningException">The folder holds no state, or that of another training.</exception>
    internal void Restore(string folder)
    {
        var path = Path.Combine(folder, ProgressFile);
        if (!File.Exists(path))
            throw new FineTuningException($"{path}: expected a saved training, found no such file. Start from the first step.");
        var progress = Read(path);
        if (progress.Identity != identity)
            throw new FineTuningException($"{path}: expected the training {JsonSerializer.Serialize(identity, ContractJson.Compact)}, "
                + $"found {JsonSerializer.Serialize(progress.Identity, ContractJson.Compact)}. Start from the first step.");
        using var file = new SafetensorsFile(Path.Combine(folder, TensorFile));
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        for (var i = 0; i < parameters.Count; i++)
        {
            var name = parameters[i].Name;
            parameters[i].Tensor.copy_(file.Read($"weight.{name}"));
            Optimizer.State[i].First.copy_(file.Read($"first.{name}"));
            Optimizer.State[i].Second.copy_(file.Read($"second.{name}"));
        }
        if (file.Tensors.ContainsKey($"best.{parameters[0].Name}"))
            best.Keep(parameters.Select(p => file.Read($"best.{p.Name}").to(p.Tensor.device)));
        steps.Clear();
        steps.AddRange(progress.Steps);
        SecondsBefore = progress.Seconds;
        secondsOfSelection = 0;
        StartLoss = progress.StartLoss;
    }

    /// <summary>Notes the validation loss before the first step, and keeps the weights until one is lower.</summary>
    internal void KeepStart(double loss)
    {
        StartLoss = loss;
        best.Keep();
    }

    /// <summary>Notes a step that was done, so long after the start or the continuation.</summary>
    internal void Add(TrainingStep step, TimeSpan sinceStart)
    {
        steps.Add(step);
        this.sinceStart = sinceStart;
    }

    /// <summary>Notes the validation loss after the last step, and keeps the weights where it is the lowest so far.</summary>
    internal void AddValidation(double loss, TimeSpan sinceStart)
    {
        steps[^1] = steps[^1] with { ValidationLoss = loss };
        this.sinceStart = sinceStart;
        if (BestStep == steps[^1].Step) best.Keep();
    }

    /// <summary>Puts the best weights into the model; without validation the last ones stay.</summary>
    internal void PutBestBack() => best.PutBack();

    internal FineTuningResult ToResult(long numSamplesSeen) => new()
    {
        Steps = [.. steps],
        KeptStart = StartIsBest,
        BestEpoch = StartIsBest ? 0 : Best?.Epoch ?? (steps.Count > 0 ? steps[^1].Epoch : 0),
        BestValidationLoss = StartIsBest ? StartLoss : Best?.ValidationLoss,
        StoppedEarly = IsOutOfPatience,
        Seconds = Seconds,
        SecondsBefore = SecondsBefore,
        NumSamplesSeen = numSamplesSeen,
        SamplesPerSecond = Seconds > 0 ? numSamplesSeen / Seconds : 0,
        Selection = selection?.Result,
    };

    /// <inheritdoc />
    public void Dispose()
    {
        best.Dispose();
        Optimizer.Dispose();
    }

    private static Progress Read(string path) =>
        JsonSerializer.Deserialize<Progress>(File.ReadAllBytes(path), ContractJson.Indented)!;

    private IEnumerable<KeyValuePair<string, Tensor>> NamedTensors()
    {
        for (var i = 0; i < parameters.Count; i++)
        {
            var name = parameters[i].Name;
            yield return new($"weight.{name}", parameters[i].Tensor);
            yield return new($"first.{name}", Optimizer.State[i].First);
            yield return new($"second.{name}", Optimizer.State[i].Second);
            if (best.Copies.Count > 0) yield return new($"best.{name}", best.Copies[i]);
        }
    }

    private sealed record Progress(TrainingIdentity Identity, IReadOnlyList<TrainingStep> Steps, double Seconds)
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public double? StartLoss { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public Selection? Selection { get; init; }
    }
}
