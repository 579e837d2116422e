namespace TsVlm.Evaluator;

/// <summary>How the evaluator uses its machine.</summary>
public sealed record EvaluatorSettings
{
    /// <summary>Threads for inference and for the baselines' distances.</summary>
    public int NumThreads { get; init; } = Environment.ProcessorCount;
}
