namespace TsVlm.Contracts;

/// <summary>The metrics of one finished run: one row of results.csv.</summary>
public sealed record RunResult
{
    /// <summary>The run.</summary>
    public required RunSpec Run { get; init; }

    /// <summary>Cases of the training part of the split, those held out for validation included.</summary>
    public required int NumTrain { get; init; }

    /// <summary>Test cases.</summary>
    public required int NumTest { get; init; }

    /// <summary>Classes of the data set.</summary>
    public required int NumClasses { get; init; }

    /// <summary>Share of test cases predicted right.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Mean recall over the classes that occur in the test split.</summary>
    public required double BalancedAccuracy { get; init; }

    /// <summary>Unweighted mean of the classes' F1.</summary>
    public required double MacroF1 { get; init; }

    /// <summary>Area under the ROC curve, one against the rest, unweighted mean; NaN where it is not defined.</summary>
    public required double Auroc { get; init; }

    /// <summary>Mean negative log-likelihood of the true class, in nats.</summary>
    public required double Nll { get; init; }

    /// <summary>Expected calibration error over 15 equal bins of confidence (Guo et al. 2017).</summary>
    public required double Ece { get; init; }

    /// <summary>Wall-clock seconds of training, validation included.</summary>
    public required double TrainSeconds { get; init; }

    /// <summary>Wall-clock seconds of predicting the test split.</summary>
    public required double EvalSeconds { get; init; }

    /// <summary>Training samples seen a second; 0 where nothing is trained.</summary>
    public required double TrainSamplesPerSecond { get; init; }

    /// <summary>Highest resident memory of the process during the run's stages, in MB (10^6 bytes).</summary>
    public required double PeakRssMb { get; init; }
}
