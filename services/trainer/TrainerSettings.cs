namespace TsVlm.Trainer;

/// <summary>How the trainer uses its machine.</summary>
public sealed record TrainerSettings
{
    /// <summary>Threads of the tensor library. Weights are equal bit for bit only at an equal number of threads.</summary>
    public int NumThreads { get; init; } = Environment.ProcessorCount;

    /// <summary>About how much training a sudden end may cost; a snapshot is taken so often.</summary>
    public TimeSpan TimeBetweenSnapshots { get; init; } = TimeSpan.FromSeconds(60);
}
