/**
 * Pod as of Kubernetes 1.36 (k8s.io/api v0.36.1): what its Go types say about JSON, in declaration order.
 *
 * One struct a key, one field a line: the JSON name, `!` when the tag lacks omitempty, the Go type as `%T` prints it, then
 * `merge=<key>` for a list that strategic merge keys (`merge=.` for a set of plain values), `retainKeys`,
 * `go=<name>` where the Go name is not the JSON name with a capital, `embedded` where Go also finds the members of the
 * field in the struct itself, and `omitzero` for a struct that is left out when it is zero (any other is always there).
 * A line that starts with `...` stands for the fields of an embedded struct.
 *
 * The table is long because the API is. It is data only; struct-schema.ts reads it.
 */
export const podStructs = {
  Pod: `
    ...v1.TypeMeta
    metadata v1.ObjectMeta go=ObjectMeta embedded
    spec v1.PodSpec
    status v1.PodStatus
  `,
  TypeMeta: `
    kind string
    apiVersion string go=APIVersion
  `,
  ObjectMeta: `
    name string
    generateName string
    namespace string
    selfLink string
    uid types.UID go=UID
    resourceVersion string
    generation int64
    creationTimestamp v1.Time omitzero
    deletionTimestamp *v1.Time
    deletionGracePeriodSeconds *int64
    labels map[string]string
    annotations map[string]string
    ownerReferences []v1.OwnerReference merge=uid
    finalizers []string merge=.
    managedFields []v1.ManagedFieldsEntry
  `,
  OwnerReference: `
    apiVersion! string go=APIVersion
    kind! string
    name! string
    uid! types.UID go=UID
    controller *bool
    blockOwnerDeletion *bool
  `,
  ManagedFieldsEntry: `
    manager string
    operation v1.ManagedFieldsOperationType
    apiVersion string go=APIVersion
    time *v1.Time
    fieldsType string
    fieldsV1 *v1.FieldsV1
    subresource string
  `,
  PodSpec: `
    volumes []v1.Volume merge=name retainKeys
    initContainers []v1.Container merge=name
    containers! []v1.Container merge=name
    ephemeralContainers []v1.EphemeralContainer merge=name
    restartPolicy v1.RestartPolicy
    terminationGracePeriodSeconds *int64
    activeDeadlineSeconds *int64
    dnsPolicy v1.DNSPolicy go=DNSPolicy
    nodeSelector map[string]string
    serviceAccountName string
    serviceAccount string go=DeprecatedServiceAccount
    automountServiceAccountToken *bool
    nodeName string
    hostNetwork bool
    hostPID bool
    hostIPC bool
    shareProcessNamespace *bool
    securityContext *v1.PodSecurityContext
    imagePullSecrets []v1.LocalObjectReference merge=name
    hostname string
    subdomain string
    affinity *v1.Affinity
    schedulerName string
    tolerations []v1.Toleration
    hostAliases []v1.HostAlias merge=ip
    priorityClassName string
    priority *int32
    dnsConfig *v1.PodDNSConfig go=DNSConfig
    readinessGates []v1.PodReadinessGate
    runtimeClassName *string
    enableServiceLinks *bool
    preemptionPolicy *v1.PreemptionPolicy
    overhead v1.ResourceList
    topologySpreadConstraints []v1.TopologySpreadConstraint merge=topologyKey
    setHostnameAsFQDN *bool
    os *v1.PodOS go=OS
    hostUsers *bool
    schedulingGates []v1.PodSchedulingGate merge=name
    resourceClaims []v1.PodResourceClaim merge=name retainKeys
    resources *v1.ResourceRequirements
    hostnameOverride *string
    schedulingGroup *v1.PodSchedulingGroup
  `,
  Volume: `
    name! string
    ...v1.VolumeSource
  `,
  VolumeSource: `
    hostPath *v1.HostPathVolumeSource
    emptyDir *v1.EmptyDirVolumeSource
    gcePersistentDisk *v1.GCEPersistentDiskVolumeSource go=GCEPersistentDisk
    awsElasticBlockStore *v1.AWSElasticBlockStoreVolumeSource go=AWSElasticBlockStore
    gitRepo *v1.GitRepoVolumeSource
    secret *v1.SecretVolumeSource
    nfs *v1.NFSVolumeSource go=NFS
    iscsi *v1.ISCSIVolumeSource go=ISCSI
    glusterfs *v1.GlusterfsVolumeSource
    persistentVolumeClaim *v1.PersistentVolumeClaimVolumeSource
    rbd *v1.RBDVolumeSource go=RBD
    flexVolume *v1.FlexVolumeSource
    cinder *v1.CinderVolumeSource
    cephfs *v1.CephFSVolumeSource go=CephFS
    flocker *v1.FlockerVolumeSource
    downwardAPI *v1.DownwardAPIVolumeSource
    fc *v1.FCVolumeSource go=FC
    azureFile *v1.AzureFileVolumeSource
    configMap *v1.ConfigMapVolumeSource
    vsphereVolume *v1.VsphereVirtualDiskVolumeSource
    quobyte *v1.QuobyteVolumeSource
    azureDisk *v1.AzureDiskVolumeSource
    photonPersistentDisk *v1.PhotonPersistentDiskVolumeSource
    projected *v1.ProjectedVolumeSource
    portworxVolume *v1.PortworxVolumeSource
    scaleIO *v1.ScaleIOVolumeSource
    storageos *v1.StorageOSVolumeSource go=StorageOS
    csi *v1.CSIVolumeSource go=CSI
    ephemeral *v1.EphemeralVolumeSource
    image *v1.ImageVolumeSource
  `,
  HostPathVolumeSource: `
    path! string
    type *v1.HostPathType
  `,
  EmptyDirVolumeSource: `
    medium v1.StorageMedium
    sizeLimit *resource.Quantity
  `,
  GCEPersistentDiskVolumeSource: `
    pdName! string go=PDName
    fsType string go=FSType
    partition int32
    readOnly bool
  `,
  AWSElasticBlockStoreVolumeSource: `
    volumeID! string
    fsType string go=FSType
    partition int32
    readOnly bool
  `,
  GitRepoVolumeSource: `
    repository! string
    revision string
    directory string
  `,
  SecretVolumeSource: `
    secretName string
    items []v1.KeyToPath
    defaultMode *int32
    optional *bool
  `,
  KeyToPath: `
    key! string
    path! string
    mode *int32
  `,
  NFSVolumeSource: `
    server! string
    path! string
    readOnly bool
  `,
  ISCSIVolumeSource: `
    targetPortal! string
    iqn! string go=IQN
    lun! int32
    iscsiInterface string go=ISCSIInterface
    fsType string go=FSType
    readOnly bool
    portals []string
    chapAuthDiscovery bool go=DiscoveryCHAPAuth
    chapAuthSession bool go=SessionCHAPAuth
    secretRef *v1.LocalObjectReference
    initiatorName *string
  `,
  LocalObjectReference: `
    name string
  `,
  GlusterfsVolumeSource: `
    endpoints! string go=EndpointsName
    path! string
    readOnly bool
  `,
  PersistentVolumeClaimVolumeSource: `
    claimName! string
    readOnly bool
  `,
  RBDVolumeSource: `
    monitors! []string go=CephMonitors
    image! string go=RBDImage
    fsType string go=FSType
    pool string go=RBDPool
    user string go=RadosUser
    keyring string
    secretRef *v1.LocalObjectReference
    readOnly bool
  `,
  FlexVolumeSource: `
    driver! string
    fsType string go=FSType
    secretRef *v1.LocalObjectReference
    readOnly bool
    options map[string]string
  `,
  CinderVolumeSource: `
    volumeID! string
    fsType string go=FSType
    readOnly bool
    secretRef *v1.LocalObjectReference
  `,
  CephFSVolumeSource: `
    monitors! []string
    path string
    user string
    secretFile string
    secretRef *v1.LocalObjectReference
    readOnly bool
  `,
  FlockerVolumeSource: `
    datasetName string
    datasetUUID string
  `,
  DownwardAPIVolumeSource: `
    items []v1.DownwardAPIVolumeFile
    defaultMode *int32
  `,
  DownwardAPIVolumeFile: `
    path! string
    fieldRef *v1.ObjectFieldSelector
    resourceFieldRef *v1.ResourceFieldSelector
    mode *int32
  `,
  ObjectFieldSelector: `
    apiVersion string go=APIVersion
    fieldPath! string
  `,
  ResourceFieldSelector: `
    containerName string
    resource! string
    divisor resource.Quantity
  `,
  FCVolumeSource: `
    targetWWNs []string
    lun *int32
    fsType string go=FSType
    readOnly bool
    wwids []string go=WWIDs
  `,
  AzureFileVolumeSource: `
    secretName! string
    shareName! string
    readOnly bool
  `,
  ConfigMapVolumeSource: `
    ...v1.LocalObjectReference
    items []v1.KeyToPath
    defaultMode *int32
    optional *bool
  `,
  VsphereVirtualDiskVolumeSource: `
    volumePath! string
    fsType string go=FSType
    storagePolicyName string
    storagePolicyID string
  `,
  QuobyteVolumeSource: `
    registry! string
    volume! string
    readOnly bool
    user string
    group string
    tenant string
  `,
  AzureDiskVolumeSource: `
    diskName! string
    diskURI! string go=DataDiskURI
    cachingMode *v1.AzureDataDiskCachingMode
    fsType *string go=FSType
    readOnly *bool
    kind *v1.AzureDataDiskKind
  `,
  PhotonPersistentDiskVolumeSource: `
    pdID! string
    fsType string go=FSType
  `,
  ProjectedVolumeSource: `
    sources! []v1.VolumeProjection
    defaultMode *int32
  `,
  VolumeProjection: `
    secret *v1.SecretProjection
    downwardAPI *v1.DownwardAPIProjection
    configMap *v1.ConfigMapProjection
    serviceAccountToken *v1.ServiceAccountTokenProjection
    clusterTrustBundle *v1.ClusterTrustBundleProjection
    podCertificate *v1.PodCertificateProjection
  `,
  SecretProjection: `
    ...v1.LocalObjectReference
    items []v1.KeyToPath
    optional *bool
  `,
  DownwardAPIProjection: `
    items []v1.DownwardAPIVolumeFile
  `,
  ConfigMapProjection: `
    ...v1.LocalObjectReference
    items []v1.KeyToPath
    optional *bool
  `,
  ServiceAccountTokenProjection: `
    audience string
    expirationSeconds *int64
    path! string
  `,
  ClusterTrustBundleProjection: `
    name *string
    signerName *string
    labelSelector *v1.LabelSelector
    optional *bool
    path! string
  `,
  LabelSelector: `
    matchLabels map[string]string
    matchExpressions []v1.LabelSelectorRequirement
  `,
  LabelSelectorRequirement: `
    key! string
    operator! v1.LabelSelectorOperator
    values []string
  `,
  PodCertificateProjection: `
    signerName string
    keyType string
    maxExpirationSeconds *int32
    credentialBundlePath string
    keyPath string
    certificateChainPath string
    userAnnotations map[string]string
  `,
  PortworxVolumeSource: `
    volumeID! string
    fsType string go=FSType
    readOnly bool
  `,
  ScaleIOVolumeSource: `
    gateway! string
    system! string
    secretRef! *v1.LocalObjectReference
    sslEnabled bool go=SSLEnabled
    protectionDomain string
    storagePool string
    storageMode string
    volumeName string
    fsType string go=FSType
    readOnly bool
  `,
  StorageOSVolumeSource: `
    volumeName string
    volumeNamespace string
    fsType string go=FSType
    readOnly bool
    secretRef *v1.LocalObjectReference
  `,
  CSIVolumeSource: `
    driver! string
    readOnly *bool
    fsType *string go=FSType
    volumeAttributes map[string]string
    nodePublishSecretRef *v1.LocalObjectReference
  `,
  EphemeralVolumeSource: `
    volumeClaimTemplate *v1.PersistentVolumeClaimTemplate
  `,
  PersistentVolumeClaimTemplate: `
    metadata v1.ObjectMeta go=ObjectMeta embedded
    spec! v1.PersistentVolumeClaimSpec
  `,
  PersistentVolumeClaimSpec: `
    accessModes []v1.PersistentVolumeAccessMode
    selector *v1.LabelSelector
    resources v1.VolumeResourceRequirements
    volumeName string
    storageClassName *string
    volumeMode *v1.PersistentVolumeMode
    dataSource *v1.TypedLocalObjectReference
    dataSourceRef *v1.TypedObjectReference
    volumeAttributesClassName *string
  `,
  VolumeResourceRequirements: `
    limits v1.ResourceList
    requests v1.ResourceList
  `,
  TypedLocalObjectReference: `
    apiGroup! *string go=APIGroup
    kind! string
    name! string
  `,
  TypedObjectReference: `
    apiGroup! *string go=APIGroup
    kind! string
    name! string
    namespace *string
  `,
  ImageVolumeSource: `
    reference string
    pullPolicy v1.PullPolicy
  `,
  Container: `
    name! string
    image string
    command []string
    args []string
    workingDir string
    ports []v1.ContainerPort merge=containerPort
    envFrom []v1.EnvFromSource
    env []v1.EnvVar merge=name
    resources v1.ResourceRequirements
    resizePolicy []v1.ContainerResizePolicy
    restartPolicy *v1.ContainerRestartPolicy
    restartPolicyRules []v1.ContainerRestartRule
    volumeMounts []v1.VolumeMount merge=mountPath
    volumeDevices []v1.VolumeDevice merge=devicePath
    livenessProbe *v1.Probe
    readinessProbe *v1.Probe
    startupProbe *v1.Probe
    lifecycle *v1.Lifecycle
    terminationMessagePath string
    terminationMessagePolicy v1.TerminationMessagePolicy
    imagePullPolicy v1.PullPolicy
    securityContext *v1.SecurityContext
    stdin bool
    stdinOnce bool
    tty bool go=TTY
  `,
  ContainerPort: `
    name string
    hostPort int32
    containerPort! int32
    protocol v1.Protocol
    hostIP string
  `,
  EnvFromSource: `
    prefix string
    configMapRef *v1.ConfigMapEnvSource
    secretRef *v1.SecretEnvSource
  `,
  ConfigMapEnvSource: `
    ...v1.LocalObjectReference
    optional *bool
  `,
  SecretEnvSource: `
    ...v1.LocalObjectReference
    optional *bool
  `,
  EnvVar: `
    name! string
    value string
    valueFrom *v1.EnvVarSource
  `,
  EnvVarSource: `
    fieldRef *v1.ObjectFieldSelector
    resourceFieldRef *v1.ResourceFieldSelector
    configMapKeyRef *v1.ConfigMapKeySelector
    secretKeyRef *v1.SecretKeySelector
    fileKeyRef *v1.FileKeySelector
  `,
  ConfigMapKeySelector: `
    ...v1.LocalObjectReference
    key! string
    optional *bool
  `,
  SecretKeySelector: `
    ...v1.LocalObjectReference
    key! string
    optional *bool
  `,
  FileKeySelector: `
    volumeName! string
    path! string
    key! string
    optional *bool
  `,
  ResourceRequirements: `
    limits v1.ResourceList
    requests v1.ResourceList
    claims []v1.ResourceClaim
  `,
  ResourceClaim: `
    name! string
    request string
  `,
  ContainerResizePolicy: `
    resourceName! v1.ResourceName
    restartPolicy! v1.ResourceResizeRestartPolicy
  `,
  ContainerRestartRule: `
    action v1.ContainerRestartRuleAction
    exitCodes *v1.ContainerRestartRuleOnExitCodes
  `,
  ContainerRestartRuleOnExitCodes: `
    operator v1.ContainerRestartRuleOnExitCodesOperator
    values []int32
  `,
  VolumeMount: `
    name! string
    readOnly bool
    recursiveReadOnly *v1.RecursiveReadOnlyMode
    mountPath! string
    subPath string
    mountPropagation *v1.MountPropagationMode
    subPathExpr string
  `,
  VolumeDevice: `
    name! string
    devicePath! string
  `,
  Probe: `
    ...v1.ProbeHandler
    initialDelaySeconds int32
    timeoutSeconds int32
    periodSeconds int32
    successThreshold int32
    failureThreshold int32
    terminationGracePeriodSeconds *int64
  `,
  ProbeHandler: `
    exec *v1.ExecAction
    httpGet *v1.HTTPGetAction go=HTTPGet
    tcpSocket *v1.TCPSocketAction go=TCPSocket
    grpc *v1.GRPCAction go=GRPC
  `,
  ExecAction: `
    command []string
  `,
  HTTPGetAction: `
    path string
    port! intstr.IntOrString
    host string
    scheme v1.URIScheme
    httpHeaders []v1.HTTPHeader go=HTTPHeaders
  `,
  HTTPHeader: `
    name! string
    value! string
  `,
  TCPSocketAction: `
    port! intstr.IntOrString
    host string
  `,
  GRPCAction: `
    port! int32
    service! *string
  `,
  Lifecycle: `
    postStart *v1.LifecycleHandler
    preStop *v1.LifecycleHandler
    stopSignal *v1.Signal
  `,
  LifecycleHandler: `
    exec *v1.ExecAction
    httpGet *v1.HTTPGetAction go=HTTPGet
    tcpSocket *v1.TCPSocketAction go=TCPSocket
    sleep *v1.SleepAction
  `,
  SleepAction: `
    seconds! int64
  `,
  SecurityContext: `
    capabilities *v1.Capabilities
    privileged *bool
    seLinuxOptions *v1.SELinuxOptions go=SELinuxOptions
    windowsOptions *v1.WindowsSecurityContextOptions
    runAsUser *int64
    runAsGroup *int64
    runAsNonRoot *bool
    readOnlyRootFilesystem *bool
    allowPrivilegeEscalation *bool
    procMount *v1.ProcMountType
    seccompProfile *v1.SeccompProfile
    appArmorProfile *v1.AppArmorProfile
  `,
  Capabilities: `
    add []v1.Capability
    drop []v1.Capability
  `,
  SELinuxOptions: `
    user string
    role string
    type string
    level string
  `,
  WindowsSecurityContextOptions: `
    gmsaCredentialSpecName *string go=GMSACredentialSpecName
    gmsaCredentialSpec *string go=GMSACredentialSpec
    runAsUserName *string
    hostProcess *bool
  `,
  SeccompProfile: `
    type! v1.SeccompProfileType
    localhostProfile *string
  `,
  AppArmorProfile: `
    type! v1.AppArmorProfileType
    localhostProfile *string
  `,
  EphemeralContainer: `
    ...v1.EphemeralContainerCommon
    targetContainerName string
  `,
  EphemeralContainerCommon: `
    name! string
    image string
    command []string
    args []string
    workingDir string
    ports []v1.ContainerPort merge=containerPort
    envFrom []v1.EnvFromSource
    env []v1.EnvVar merge=name
    resources v1.ResourceRequirements
    resizePolicy []v1.ContainerResizePolicy
    restartPolicy *v1.ContainerRestartPolicy
    restartPolicyRules []v1.ContainerRestartRule
    volumeMounts []v1.VolumeMount merge=mountPath
    volumeDevices []v1.VolumeDevice merge=devicePath
    livenessProbe *v1.Probe
    readinessProbe *v1.Probe
    startupProbe *v1.Probe
    lifecycle *v1.Lifecycle
    terminationMessagePath string
    terminationMessagePolicy v1.TerminationMessagePolicy
    imagePullPolicy v1.PullPolicy
    securityContext *v1.SecurityContext
    stdin bool
    stdinOnce bool
    tty bool go=TTY
  `,
  PodSecurityContext: `
    seLinuxOptions *v1.SELinuxOptions go=SELinuxOptions
    windowsOptions *v1.WindowsSecurityContextOptions
    runAsUser *int64
    runAsGroup *int64
    runAsNonRoot *bool
    supplementalGroups []int64
    supplementalGroupsPolicy *v1.SupplementalGroupsPolicy
    fsGroup *int64 go=FSGroup
    sysctls []v1.Sysctl
    fsGroupChangePolicy *v1.PodFSGroupChangePolicy go=FSGroupChangePolicy
    seccompProfile *v1.SeccompProfile
    appArmorProfile *v1.AppArmorProfile
    seLinuxChangePolicy *v1.PodSELinuxChangePolicy go=SELinuxChangePolicy
  `,
  Sysctl: `
    name! string
    value! string
  `,
  Affinity: `
    nodeAffinity *v1.NodeAffinity
    podAffinity *v1.PodAffinity
    podAntiAffinity *v1.PodAntiAffinity
  `,
  NodeAffinity: `
    requiredDuringSchedulingIgnoredDuringExecution *v1.NodeSelector
    preferredDuringSchedulingIgnoredDuringExecution []v1.PreferredSchedulingTerm
  `,
  NodeSelector: `
    nodeSelectorTerms! []v1.NodeSelectorTerm
  `,
  NodeSelectorTerm: `
    matchExpressions []v1.NodeSelectorRequirement
    matchFields []v1.NodeSelectorRequirement
  `,
  NodeSelectorRequirement: `
    key! string
    operator! v1.NodeSelectorOperator
    values []string
  `,
  PreferredSchedulingTerm: `
    weight! int32
    preference! v1.NodeSelectorTerm
  `,
  PodAffinity: `
    requiredDuringSchedulingIgnoredDuringExecution []v1.PodAffinityTerm
    preferredDuringSchedulingIgnoredDuringExecution []v1.WeightedPodAffinityTerm
  `,
  PodAffinityTerm: `
    labelSelector *v1.LabelSelector
    namespaces []string
    topologyKey! string
    namespaceSelector *v1.LabelSelector
    matchLabelKeys []string
    mismatchLabelKeys []string
  `,
  WeightedPodAffinityTerm: `
    weight! int32
    podAffinityTerm! v1.PodAffinityTerm
  `,
  PodAntiAffinity: `
    requiredDuringSchedulingIgnoredDuringExecution []v1.PodAffinityTerm
    preferredDuringSchedulingIgnoredDuringExecution []v1.WeightedPodAffinityTerm
  `,
  Toleration: `
    key string
    operator v1.TolerationOperator
    value string
    effect v1.TaintEffect
    tolerationSeconds *int64
  `,
  HostAlias: `
    ip! string go=IP
    hostnames []string
  `,
  PodDNSConfig: `
    nameservers []string
    searches []string
    options []v1.PodDNSConfigOption
  `,
  PodDNSConfigOption: `
    name string
    value *string
  `,
  PodReadinessGate: `
    conditionType! v1.PodConditionType
  `,
  TopologySpreadConstraint: `
    maxSkew! int32
    topologyKey! string
    whenUnsatisfiable! v1.UnsatisfiableConstraintAction
    labelSelector *v1.LabelSelector
    minDomains *int32
    nodeAffinityPolicy *v1.NodeInclusionPolicy
    nodeTaintsPolicy *v1.NodeInclusionPolicy
    matchLabelKeys []string
  `,
  PodOS: `
    name! v1.OSName
  `,
  PodSchedulingGate: `
    name! string
  `,
  PodResourceClaim: `
    name! string
    resourceClaimName *string
    resourceClaimTemplateName *string
  `,
  PodSchedulingGroup: `
    podGroupName *string
  `,
  PodStatus: `
    observedGeneration int64
    phase v1.PodPhase
    conditions []v1.PodCondition merge=type
    message string
    reason string
    nominatedNodeName string
    hostIP string
    hostIPs []v1.HostIP merge=ip
    podIP string
    podIPs []v1.PodIP merge=ip
    startTime *v1.Time
    initContainerStatuses []v1.ContainerStatus
    containerStatuses []v1.ContainerStatus
    qosClass v1.PodQOSClass go=QOSClass
    ephemeralContainerStatuses []v1.ContainerStatus
    resize v1.PodResizeStatus
    resourceClaimStatuses []v1.PodResourceClaimStatus merge=name retainKeys
    extendedResourceClaimStatus *v1.PodExtendedResourceClaimStatus
    allocatedResources v1.ResourceList
    resources *v1.ResourceRequirements
    nodeAllocatableResourceClaimStatuses []v1.NodeAllocatableResourceClaimStatus
  `,
  PodCondition: `
    type! v1.PodConditionType
    observedGeneration int64
    status! v1.ConditionStatus
    lastProbeTime v1.Time
    lastTransitionTime v1.Time
    reason string
    message string
  `,
  HostIP: `
    ip! string go=IP
  `,
  PodIP: `
    ip! string go=IP
  `,
  ContainerStatus: `
    name! string
    state v1.ContainerState
    lastState v1.ContainerState go=LastTerminationState
    ready! bool
    restartCount! int32
    image! string
    imageID! string
    containerID string
    started *bool
    allocatedResources v1.ResourceList
    resources *v1.ResourceRequirements
    volumeMounts []v1.VolumeMountStatus merge=mountPath
    user *v1.ContainerUser
    allocatedResourcesStatus []v1.ResourceStatus merge=name
    stopSignal *v1.Signal
  `,
  ContainerState: `
    waiting *v1.ContainerStateWaiting
    running *v1.ContainerStateRunning
    terminated *v1.ContainerStateTerminated
  `,
  ContainerStateWaiting: `
    reason string
    message string
  `,
  ContainerStateRunning: `
    startedAt v1.Time
  `,
  ContainerStateTerminated: `
    exitCode! int32
    signal int32
    reason string
    message string
    startedAt v1.Time
    finishedAt v1.Time
    containerID string
  `,
  VolumeMountStatus: `
    name! string
    mountPath! string
    readOnly bool
    recursiveReadOnly *v1.RecursiveReadOnlyMode
    volumeStatus *v1.VolumeStatus
  `,
  VolumeStatus: `
    image *v1.ImageVolumeStatus
  `,
  ImageVolumeStatus: `
    imageRef string
  `,
  ContainerUser: `
    linux *v1.LinuxContainerUser
  `,
  LinuxContainerUser: `
    uid! int64 go=UID
    gid! int64 go=GID
    supplementalGroups []int64
  `,
  ResourceStatus: `
    name! v1.ResourceName
    resources []v1.ResourceHealth
  `,
  ResourceHealth: `
    resourceID! v1.ResourceID
    health v1.ResourceHealthStatus
    message *string
  `,
  PodResourceClaimStatus: `
    name! string
    resourceClaimName *string
  `,
  PodExtendedResourceClaimStatus: `
    requestMappings! []v1.ContainerExtendedResourceRequest
    resourceClaimName! string
  `,
  ContainerExtendedResourceRequest: `
    containerName! string
    resourceName! string
    requestName! string
  `,
  NodeAllocatableResourceClaimStatus: `
    resourceClaimName! string
    containers []string
    resources! map[v1.ResourceName]resource.Quantity
  `,
  PodTemplateSpec: `
    metadata v1.ObjectMeta go=ObjectMeta embedded
    spec v1.PodSpec
  `,
} as const;

/** The Go types of the pod that are strings with a name of their own. */
export const podStringTypes = [
  "types.UID",
  "v1.ManagedFieldsOperationType",
  "v1.HostPathType",
  "v1.StorageMedium",
  "v1.AzureDataDiskCachingMode",
  "v1.AzureDataDiskKind",
  "v1.LabelSelectorOperator",
  "v1.PersistentVolumeAccessMode",
  "v1.ResourceName",
  "v1.PersistentVolumeMode",
  "v1.PullPolicy",
  "v1.Protocol",
  "v1.ResourceResizeRestartPolicy",
  "v1.ContainerRestartPolicy",
  "v1.ContainerRestartRuleAction",
  "v1.ContainerRestartRuleOnExitCodesOperator",
  "v1.RecursiveReadOnlyMode",
  "v1.MountPropagationMode",
  "v1.URIScheme",
  "v1.Signal",
  "v1.TerminationMessagePolicy",
  "v1.Capability",
  "v1.ProcMountType",
  "v1.SeccompProfileType",
  "v1.AppArmorProfileType",
  "v1.RestartPolicy",
  "v1.DNSPolicy",
  "v1.SupplementalGroupsPolicy",
  "v1.PodFSGroupChangePolicy",
  "v1.PodSELinuxChangePolicy",
  "v1.NodeSelectorOperator",
  "v1.TolerationOperator",
  "v1.TaintEffect",
  "v1.PodConditionType",
  "v1.PreemptionPolicy",
  "v1.UnsatisfiableConstraintAction",
  "v1.NodeInclusionPolicy",
  "v1.OSName",
  "v1.PodPhase",
  "v1.ConditionStatus",
  "v1.ResourceID",
  "v1.ResourceHealthStatus",
  "v1.PodQOSClass",
  "v1.PodResizeStatus",
] as const;
