using TsVlm.Contracts;

namespace TsVlm.Evaluation.Results;

/// <summary>One run as the report shows it: either finished, with a result, or failed, with a reason.</summary>
public sealed record ReportRun
{
    /// <summary>The run.</summary>
    public required RunSpec Run { get; init; }

    /// <summary>The metrics; null for a failed run.</summary>
    public RunResult? Result { get; init; }

    /// <summary>Why the run failed; null for a finished run.</summary>
    public RunFailure? Failure { get; init; }

    /// <summary>What each stage cost, in the order of the stages; a stage whose artifact was there already may be left out.</summary>
    public IReadOnlyList<StageCost> Stages { get; init; } = [];

    /// <summary>The training log in the order of steps, those of a refit behind the others; empty for baselines.</summary>
    public IReadOnlyList<TrainingLogRow> TrainingLog { get; init; } = [];

    /// <summary>Metrics by class and confidence on the test split; null where the run failed before it had any.</summary>
    public TestMetrics? Metrics { get; init; }

    /// <summary>Which test cases were predicted right; null for a failed run.</summary>
    public TestOutcomes? Outcomes { get; init; }

    /// <summary>How the series were made to fit the context; null for baselines.</summary>
    public TokenBudget? TokenBudget { get; init; }

    /// <summary>What a user should know of the data set, one sentence each.</summary>
    public IReadOnlyList<string> DatasetWarnings { get; init; } = [];

    /// <summary>What the split could not honour, one sentence each.</summary>
    public IReadOnlyList<string> SplitWarnings { get; init; } = [];

    /// <summary>A few test cases that were predicted right, the most telling first.</summary>
    public IReadOnlyList<TestExample> RightExamples { get; init; } = [];

    /// <summary>A few test cases that were predicted wrong, the most telling first.</summary>
    public IReadOnlyList<TestExample> WrongExamples { get; init; } = [];
}

/// <summary>Where and why a run ended without metrics.</summary>
/// <param name="Stage">The stage that failed.</param>
/// <param name="Reason">The error, as a person should read it.</param>
public sealed record RunFailure(Stage Stage, string Reason);

/// <summary>What one stage of a run cost.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Seconds">Wall-clock seconds.</param>
/// <param name="SamplesPerSecond">Samples a second; NaN where nothing was counted.</param>
/// <param name="PeakRssMb">Highest resident memory of the process in MB (10^6 bytes).</param>
public sealed record StageCost(Stage Stage, double Seconds, double SamplesPerSecond, double PeakRssMb);

/// <summary>One row of the training log.</summary>
/// <param name="Step">Optimiser steps done.</param>
/// <param name="Epoch">Passes over the training split; fractions count.</param>
/// <param name="LearningRate">Learning rate of the step.</param>
/// <param name="Loss">Training loss of the step in nats a token.</param>
/// <param name="ValidationLoss">Loss on the validation split where it was taken, else null.</param>
public sealed record TrainingLogRow(int Step, double Epoch, double LearningRate, double Loss, double? ValidationLoss)
{
    /// <summary>Whether the step is one of a refit on training and validation cases; its number and epoch count from 0 again.</summary>
    public bool IsRefit { get; init; }
}

/// <summary>How the series were made to fit the context.</summary>
/// <param name="DownsamplingFactor">Time steps for each point of the text; 1 is all of them.</param>
/// <param name="LongestSequence">Tokens of the longest training sequence: image tokens, template, text and answer.</param>
/// <param name="ContextLength">Most tokens allowed.</param>
public sealed record TokenBudget(int DownsamplingFactor, int LongestSequence, int ContextLength);
