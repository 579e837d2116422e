namespace TsVlm.Contracts;

/// <summary>Names of the files inside the artifacts.</summary>
public static class ArtifactFiles
{
    /// <summary>Dataset: the cases in canonical form.</summary>
    public const string Dataset = "dataset.bin";

    /// <summary>Samples: what of the representation was fitted on the training split; copied into the checkpoint.</summary>
    public const string Fitted = "fitted.json";

    /// <summary>Samples: which cases are in which split, and what the split could not honour.</summary>
    public const string Split = "split.json";

    /// <summary>Samples: the token budget and what was noticed on the way.</summary>
    public const string SamplesReport = "samples.json";

    /// <summary>Checkpoint and evaluation: the run that made it, scenario and seed included.</summary>
    public const string Run = "run.json";

    /// <summary>Checkpoint: a row a step.</summary>
    public const string TrainingLog = "training.csv";

    /// <summary>Checkpoint: how a linear probe was fitted.</summary>
    public const string ProbeFacts = "probe.json";

    /// <summary>Checkpoint: the temperature of its probabilities, fitted on validation cases.</summary>
    public const string Calibration = "calibration.json";

    /// <summary>Checkpoint: the folder of the trained model.</summary>
    public const string ModelFolder = "model";

    /// <summary>Evaluation: a row a test case.</summary>
    public const string Predictions = "predictions.csv";

    /// <summary>Evaluation where classes are sets of labels: a row a test case, label by label.</summary>
    public const string Labels = "labels.csv";

    /// <summary>Evaluation: the row of results.csv.</summary>
    public const string Result = "result.json";

    /// <summary>Evaluation: confusion matrix, metrics of each class, reliability bins.</summary>
    public const string Metrics = "metrics.json";

    /// <summary>Evaluation: a few test cases predicted right and wrong, with what the model was shown.</summary>
    public const string Examples = "examples.json";

    /// <summary>
    /// Rationales: the file in canonical form. Evaluation: what the model wrote of each test case before it answered, where it did.
    /// </summary>
    public const string Rationales = "rationales.csv";

    /// <summary>Report: a row a finished run.</summary>
    public const string Results = "results.csv";

    /// <summary>Report: the page.</summary>
    public const string ReportPage = "report.html";
}
