namespace TsVlm.Trainer;

/// <summary>How the trainer uses its machine.</summary>
public sealed record TrainerSettings
{
    /// <summary>Threads of the tensor library. Weights are equal bit for bit only at an equal number of threads.</summary>
    public int NumThreads { get; init; } = Environment.ProcessorCount;

    /// <summary>Where the model is trained: <c>cpu</c>, <c>cuda</c>, <c>cuda:N</c>, or <c>auto</c> for the first GPU where there is one.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>About how much training a sudden end may cost; a snapshot is taken so often.</summary>
    public TimeSpan TimeBetweenSnapshots { get; init; } = TimeSpan.FromSeconds(60);
}
